"""The address guard: every spelling of what is not of the public internet."""

from __future__ import annotations

import socket
from contextvars import copy_context
from ipaddress import ip_address

import pytest

from crawler.errors import RefusedError
from crawler.fetch.guard import BAD_PORTS, VIA_PROXY, AddressGuard, ForbiddenAddress

FORBIDDEN = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1",
    "017700000001", "127.0.0.1.", "127.255.255.254", "0.0.0.0", "0", "00.0",
    "10.0.0.1", "10.1", "167772161", "172.16.0.1", "172.31.255.255", "192.168.1.1", "192.168.257",
    "169.254.169.254", "2852039166", "0xA9FEA9FE", "0251.0376.0251.0376",
    "100.64.0.1", "100.127.255.255", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "192.0.0.1",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[::ffff:10.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]",
    "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2002:a00:1::1]", "[2001::1]", "[fe80::1]",
    "１２７.０.０.１", "127。0。0。1", "①②⑦.⓪.⓪.①", "127.0.0.1。", "[::ffff:0:127.0.0.1]",
    "[fe80::1%25eth0]", "[fc00::1]", "[fd12:3456::1]", "[ff02::1]", "[2001:db8::1]", "[100::1]",
]  # fmt: skip
PUBLIC = [
    "93.184.216.34", "[2606:2800:220:1::1]", "[::ffff:93.184.216.34]", "[64:ff9b::5db8:d822]",
    "[2002:5db8:d822::1]", "example.org", "10.example.org", "müller-förderung.de",
    "a_b.example.org", "한국.kr", "example.org.",
]  # fmt: skip


@pytest.mark.parametrize("host", FORBIDDEN)
def test_forbidden_addresses_in_any_spelling(host: str) -> None:
    with pytest.raises(RefusedError) as caught:
        AddressGuard().check_url(f"http://{host}/latest/meta-data")
    assert (caught.value.kind, "allow_networks" in caught.value.remedy) == ("refused", True)


@pytest.mark.parametrize("host", PUBLIC)
def test_public_addresses_and_names_pass(host: str) -> None:
    AddressGuard().check_url(f"https://{host}/news")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "data:text/html,x",
        "javascript:alert(1)", "//example.org/", "http://", "http:///x", "example.org/news",
        "http://user@example.org/", "http://user:word@example.org/", "http://:word@example.org/",
        "http://%31%32%37.0.0.1/", "http://localhost%00.example.org/", "http://loc\u00adalhost/",
        "http://a b.example.org/", "http://evil.example\\@127.0.0.1/", "http://a\u2028b.org/",
        "http://@example.org/", "http://example.org:99999/", "http://example.org:x/", "http://[::1/",
        "https://example.org/" + "a" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(RefusedError):
        AddressGuard(["0.0.0.0/0", "::/0"]).check_url(url)


@pytest.mark.parametrize("port", [22, 25, 110, 143, 465, 587, 6000, 6667, 10080])
def test_ports_of_other_protocols_are_refused(port: int) -> None:
    with pytest.raises(RefusedError, match=str(port)):
        AddressGuard().check_url(f"http://example.org:{port}/")


def test_usual_ports_of_web_servers_pass() -> None:
    for port in (80, 443, 8000, 8080, 8443, 3000):
        assert port not in BAD_PORTS
        AddressGuard().check_url(f"http://example.org:{port}/")


def test_allowed_networks_open_themselves_alone() -> None:
    guard = AddressGuard(["127.0.0.0/8", "fd00::/8"])
    for host in ("127.0.0.1", "0x7f.1", "[::ffff:127.0.0.1]", "[fd00::5]"):
        guard.check_url(f"http://{host}/")
    for host in ("10.0.0.1", "[::1]", "169.254.169.254", "[fc00::5]"):
        with pytest.raises(RefusedError):
            guard.check_url(f"http://{host}/")


def test_an_allowed_host_with_bits_set_is_a_network() -> None:
    assert AddressGuard(["10.1.2.3/8"]).allows(ip_address("10.200.0.1"))


def info(address: str) -> tuple[object, ...]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return family, socket.SOCK_STREAM, 6, "", (address, 80)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fe80::1"])
def test_no_socket_is_made_to_where_a_name_really_leads(address: str) -> None:
    with pytest.raises(ForbiddenAddress):
        AddressGuard().socket_factory(info(address))


def test_a_socket_is_made_to_public_and_allowed_addresses() -> None:
    AddressGuard().socket_factory(info("93.184.216.34")).close()
    AddressGuard(["127.0.0.0/8"]).socket_factory(info("127.0.0.1")).close()


def test_a_proxy_may_stand_in_a_private_network_but_only_it() -> None:
    guard = AddressGuard(proxied=lambda url: True)

    def through_the_proxy() -> None:
        VIA_PROXY.set(True)
        guard.socket_factory(info("10.0.0.1")).close()

    copy_context().run(through_the_proxy)
    with pytest.raises(ForbiddenAddress):  # a host that NO_PROXY names is reached directly
        guard.socket_factory(info("10.0.0.1"))


LOCAL = [
    "localhost", "LOCALHOST.", "a.localhost", "printer.local", "db.internal", "x.onion", "metadata",
    "intranet.", "localhost.localdomain", "wiki.corp", "nas.lan", "api.default.svc", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "db.svc.cluster.local",
]  # fmt: skip


@pytest.mark.parametrize("host", LOCAL)
def test_local_names_are_not_asked_of_a_proxy(host: str) -> None:
    with pytest.raises(RefusedError):
        AddressGuard(proxied=lambda url: True).check_url(f"http://{host}/")


def test_a_name_that_is_reached_past_the_proxy_is_the_sockets_to_judge() -> None:
    AddressGuard(proxied=lambda url: "wiki" not in url).check_url("http://wiki.corp/")


def test_a_known_host_passes_no_address_that_is_too_long() -> None:
    guard = AddressGuard()
    guard.check_url("https://example.org/feed")
    with pytest.raises(RefusedError, match="too long"):
        guard.check_url("https://example.org/" + "a" * 4000)
