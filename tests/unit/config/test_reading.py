"""Configuration: what it accepts, and that every refusal says what is allowed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from crawler.config import duration, duration_text, load
from crawler.errors import ConfigError


def write(folder: Path, text: str) -> Path:
    file = folder / "clusterwatch.toml"
    file.write_text(text, "utf-8")
    return file


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as refused:
        load(write(folder, text), environment={})
    line = refused.value.line()
    assert "\n" not in line
    return line


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    settings = load(write(tmp_path, ""), environment={})
    assert settings.crawl.every == timedelta(hours=1)
    assert settings.crawl.obey_robots
    assert settings.clusterwatch.database == f"sqlite:///{tmp_path / 'clusterwatch.db'}"
    assert settings.sources == ()


def test_declarations_become_nouns(tmp_path: Path) -> None:
    settings = load(
        write(
            tmp_path,
            """
            [clusterwatch]
            name = "main"
            timezone = "Europe/Copenhagen"
            [[sources]]
            id = "bio"
            url = "https://www.example.org/news"
            every = "6h"
            skip_links = ["/jobs/*"]
            [[subscriptions]]
            id = "team"
            to = "slack:#news"
            topics = ["ai"]
            holidays = "DE-SN"
            """,
        ),
        environment={},
    )
    source, subscription = settings.sources[0], settings.subscriptions[0]
    assert (source.name, source.every, source.declared_by) == ("bio", timedelta(hours=6), "main")
    assert source.skip_links == ("/jobs/*",)
    assert subscription.timezone == "Europe/Copenhagen"
    assert subscription.holidays == ("DE-SN",)
    assert (subscription.channel, subscription.address) == ("slack", "#news")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[crawl]\nevry = '1h'", '[crawl] evry: unknown key; did you mean "every"?'),
        ("[crwl]\n", '[crwl]: unknown key; did you mean "crawl"?'),
        ("[crawl]\nevery = 5", '[crawl] every: a duration such as "1s", "30m"'),
        ("[crawl]\nmin_every = '2h'\nmax_every = '1h'", "min_every must not be longer"),
        ("[email]\nsmtp = 'mail.example.org'", "smtp://host:port or smtps://host:port"),
        ("[crawl]\nobey_robots = 'yes'", "[crawl] obey_robots:"),
        ("[crawl]\nallow_networks = ['x']", '"127.0.0.0/8" is needed'),
        ("[clusterwatch]\ntimezone = 'Mars'", "IANA time zone"),
        ("[email]\nsmtp = 'smtp://127.0.0.1:99999'", "[email] smtp: a host and, after a colon, a"),
        ("[email]\nsmtp = 'smtps://[::1'", "[email] smtp: a host and, after a colon, a port"),
        ("[mailbox]\nimap = 'imaps://mail.example.org:x'", "[mailbox] imap: a host and, after a"),
        ("[crawl]\nproxy = 'http://127.0.0.1:99999'", "[crawl] proxy: a host and, after a colon"),
        ("[web]\nlisten = '127.0.0.1:99999'", "[web] listen: a port from 0 to 65535 is needed"),
        ("[[sources]]\nurl = 'https://a.org/'", "[[sources]] number 1, id: is missing"),
        ("[[sources]]\nid = 'a'\nurl = 'ftp://a.org/'", "[[sources]] number 1, url: a web address"),
        (
            "[[sources]]\nid = 'a'\nurl = 'https://a.org/'\n[[sources]]\nid = 'a'\n"
            "url = 'https://b.org/'",
            'id "a" stands there twice',
        ),
        ("[[subscriptions]]\nid = 'a'\nto = 'fax:1'", 'one of "slack:…", "email:…", "file:…"'),
        ("[[subscriptions]]\nid='a'\nto='file:x/'\ndigest_language='fr'", "'en', 'de' or 'da'"),
        ("[web]\npublic = 1", "[web] public: unknown key"),
        ("[crawl]\nproxy = 'socks5://h:1'", "[crawl] proxy: "),
        ("[crawl]\nproxy = 'proxy:3128'", "http://host:port"),
        ("x = ", "not valid TOML"),
        ("x = " + "[" * 5_000 + "]" * 5_000, "nested too deeply"),
        (".".join("a" * 5_000) + " = 1", "nested too deeply"),
        ("x = " + "9" * 5_000, "a number is too long"),
        ("[clusterwatch]\npublic_url = 'example.org'", "[clusterwatch] public_url: a web address"),
    ],
)
def test_a_refusal_names_file_key_and_what_is_allowed(
    tmp_path: Path, text: str, expected: str
) -> None:
    line = refusal(tmp_path, text)
    assert line.startswith("clusterwatch.toml: ")
    assert expected in line


def test_files_of_other_editors_are_read_or_named(tmp_path: Path) -> None:
    file = tmp_path / "clusterwatch.toml"
    file.write_bytes("\ufeff[clusterwatch]\r\nname = 'b'\r\n".encode())  # Notepad's UTF-8
    (tmp_path / "clusterwatch.env").write_bytes("\ufeffSLACK_BOT_TOKEN=xoxb-1\r\n".encode())
    settings = load(file, environment={})
    assert settings.clusterwatch.name == "b"
    assert settings.secrets.slack_bot_token.get_secret_value() == "xoxb-1"
    (tmp_path / "clusterwatch.env").write_bytes(b"CLUSTERWATCH_SMTP_PASSWORD=hunter\xe4")
    with pytest.raises(ConfigError, match="env: not UTF-8 at byte 33") as refused:
        load(file, environment={})
    assert "hunter" not in refused.value.line()
    file.write_bytes("[clusterwatch]".encode("utf-16"))
    with pytest.raises(ConfigError, match="toml: not UTF-8 at byte 0"):
        load(file, environment={})


@pytest.mark.parametrize("named", ["/dev/zero", ".", "huge", "none"])
def test_a_secrets_file_is_a_small_file(tmp_path: Path, named: str) -> None:
    (tmp_path / "huge").write_bytes(bytes(200_000))
    line = refusal(tmp_path, f"[slack]\nbot_token_file = '{named}'")
    assert "cannot be read" in line


@pytest.mark.parametrize(
    ("named", "proxy"),
    [
        ("http://proxy.example:3128", "http://proxy.example:3128"),
        ("proxy.example:3128", "http://proxy.example:3128"),
        ("http://u:word@proxy.example:3128", "http://u:word@proxy.example:3128"),
        ("", ""),
    ],
)
def test_the_environment_names_a_proxy(tmp_path: Path, named: str, proxy: str) -> None:
    file = write(tmp_path, "")
    for variable in ("HTTPS_PROXY", "https_proxy"):
        assert load(file, environment={variable: named}).crawl.proxy == proxy
    own = write(tmp_path, "[crawl]\nproxy = 'http://own:1'")
    assert load(own, environment={"HTTPS_PROXY": named}).crawl.proxy == "http://own:1"


@pytest.mark.parametrize(
    "named", ["socks5://u:hunter2@h:1", "http://", "http://[::1", "http://h:x"]
)
def test_a_proxy_of_another_kind_is_refused_without_its_login(tmp_path: Path, named: str) -> None:
    with pytest.raises(ConfigError, match="HTTPS_PROXY: http://host:port is needed") as refused:
        load(write(tmp_path, ""), environment={"HTTPS_PROXY": named})
    assert "hunter2" not in refused.value.line()


def test_a_login_of_the_proxy_typed_into_the_file_is_refused(tmp_path: Path) -> None:
    line = refusal(tmp_path, "[crawl]\nproxy = 'http://user:hunter2@proxy.example:3128'")
    assert "hunter2" not in line
    assert "HTTPS_PROXY" in line


def test_a_missing_file_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        load(tmp_path / "none.toml", environment={})
    assert "clusterwatch init" in refused.value.line()


def test_secrets_come_from_environment_before_env_file_before_key_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-key-file\n")
    (tmp_path / "clusterwatch.env").write_text("SLACK_BOT_TOKEN=from-env-file\n# note\n\n")
    file = write(tmp_path, "[slack]\nbot_token_file = 'token'\nsigning_secret_file = 'token'\n")
    settings = load(file, environment={})
    assert settings.secrets.slack_bot_token.get_secret_value() == "from-env-file"
    assert settings.secrets.slack_signing_secret.get_secret_value() == "from-key-file"
    settings = load(file, environment={"SLACK_BOT_TOKEN": "from-environment"})
    assert settings.secrets.slack_bot_token.get_secret_value() == "from-environment"


def test_secrets_never_show_in_repr(tmp_path: Path) -> None:
    settings = load(write(tmp_path, ""), environment={"SLACK_BOT_TOKEN": "xoxb-very-secret"})
    assert "very-secret" not in repr(settings)
    assert "very-secret" not in settings.model_dump_json()


def test_a_password_typed_into_the_file_is_refused_without_repeating_it(tmp_path: Path) -> None:
    line = refusal(tmp_path, "[email]\nsmtp = 'smtp://user:hunter2@mail.example.org'")
    assert "hunter2" not in line
    assert "[email] smtp" in line


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load(environment={})
    assert settings.path is None
    assert settings.folder == tmp_path.resolve()


def test_the_file_may_be_named_by_the_environment(tmp_path: Path) -> None:
    file = write(tmp_path, "[clusterwatch]\nname = 'other'\n")
    settings = load(environment={"CLUSTERWATCH_CONFIG": str(file)})
    assert settings.clusterwatch.name == "other"


@pytest.mark.parametrize("text", ["90s", "30m", "6h", "2d"])
def test_durations_read_back(text: str) -> None:
    assert duration(text) in (duration(duration_text(duration(text))),)


@pytest.mark.parametrize("text", ["", "5", "h", "-1h", "1.5h", "9999999h"])
def test_other_durations_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="30m"):
        duration(text)


def test_a_selector_that_is_none_is_refused_and_a_right_one_kept(tmp_path: Path) -> None:
    source = '[[sources]]\nid = "bio"\nurl = "https://www.example.org/news"\nselector = '
    line = refusal(tmp_path, source + '"li["')
    assert "selector" in line
    assert '"li[" is no CSS selector, such as "ul.news > li"' in line
    settings = load(write(tmp_path, source + '"ul.news > li:not(.ad)"'), environment={})
    assert settings.sources[0].selector == "ul.news > li:not(.ad)"


@pytest.mark.parametrize(
    "selector",
    [
        " ~ ".join(["li"] * 90),
        " + ".join(["li"] * 9),
        " ".join(["div"] * 9),
        "li" + ":last-child" * 9,
    ],
)
def test_a_selector_that_would_cost_too_much_is_refused(tmp_path: Path, selector: str) -> None:
    source = '[[sources]]\nid = "bio"\nurl = "https://www.example.org/news"\nselector = '
    line = refusal(tmp_path, f'{source}"{selector}"')
    assert "would keep the crawler busy" in line
    assert 'join the others with ">"' in line


def test_a_long_way_of_children_costs_little(tmp_path: Path) -> None:
    way = " > ".join(["div"] * 40)
    source = '[[sources]]\nid = "bio"\nurl = "https://www.example.org/news"\nselector = '
    settings = load(write(tmp_path, f'{source}"{way}"'), environment={})
    assert settings.sources[0].selector == way


def test_entries_of_a_list_are_counted_from_1(tmp_path: Path) -> None:
    file = tmp_path / "clusterwatch.toml"
    file.write_text('[crawl]\nallow_networks = ["10.0.0.0/8", "here"]\n', "utf-8")
    with pytest.raises(ConfigError) as wrong:
        load(file, environment={})
    assert "[crawl] allow_networks number 2: a network" in wrong.value.line()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[email]\nuser = "a"\n[web]\n[email]\n', "into the first [email]"),
        (
            '[[subscriptions]]\nid = "team"\nto = "file:a/"\n'
            '[[subscriptions]]\nid = "team"\nto = "file:b/"\n',
            "twice (lines 2 and 5). Remove one, or give it an id of its own.",
        ),
    ],
)
def test_what_stands_there_twice_is_told_with_the_way_out(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "clusterwatch.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as wrong:
        load(file, environment={})
    assert said in wrong.value.line()


def test_texts_are_not_thrown_away_at_once(tmp_path: Path) -> None:
    file = tmp_path / "clusterwatch.toml"
    file.write_text('[retention]\ntexts = "0d"\n', "utf-8")
    with pytest.raises(ConfigError) as wrong:
        load(file, environment={})
    assert "[retention] texts: input should be greater than or equal to 1 day" in wrong.value.line()


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[crawl]\nconcurrent_requests = 'many'", "[crawl] concurrent_requests: a whole number is"),
        ("[crawl]\nconcurrent_requests = 1.5", "[crawl] concurrent_requests: a whole number is"),
        ("[crawl]\nobey_robots = 'yes'", "[crawl] obey_robots: true or false is needed"),
        ("[clusterwatch]\nname = 3", '[clusterwatch] name: text is needed, in quotes: "…"'),
        ("[crawl]\nallow_networks = '10.0.0.0/8'", "[crawl] allow_networks: a list is needed"),
        ("sources = 3", "[sources]: is written as a table: [[sources]]"),
        (
            f"[[sources]]\nid = 'a'\nurl = 'https://a.org/'\nonly_links = {['/n/*'] * 201}",
            "number 1, only_links: at most 200 entries are allowed, not 201.",
        ),
        (f"[web]\nname = '{'x' * 101}'", "[web] name: at most 100 characters are allowed"),
        ("[mailbox]\nfolder = ''", "[mailbox] folder: may not be empty"),
        ("[sources]\nid = 'a'", "[sources]: is written as a table: [[sources]]"),
        ("[[crawl]]\nevery = '1h'", "[crawl]: is written as a table: [crawl]"),
        ("[web]\nsecret_file = 'none.txt'", "the file that holds CLUSTERWATCH_SECRET cannot be"),
    ],
)
def test_a_wrong_type_is_told_in_the_words_of_the_file(
    tmp_path: Path, written: str, told: str
) -> None:
    line = refusal(tmp_path, written)
    assert told in line
    assert not any(word in line for word in ("tuple", "dictionary", "instance", "Settings"))
