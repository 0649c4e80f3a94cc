"""Lists of sources as people have them: OPML, TOML, spreadsheets' CSV, bare addresses."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import SourceError
from crawler.model.source import Source
from crawler.sources.catalogue import shipped_folder
from crawler.sources.lists import Line, new_id, read_folder, read_list, write_toml
from crawler.sources.opml import read_opml, write_opml


def urls(lines: list[Line]) -> list[str]:
    return [line.source.url for line in lines if line.source]


def only(lines: list[Line]) -> Source:
    [line] = lines
    assert line.source is not None, line.error
    return line.source


def test_bare_addresses_one_a_line() -> None:
    text = "# ours\nhttps://a.example/news\n\nwww.b.example/aktuelles\n"
    lines = read_list(text.encode(), "list.txt")
    assert urls(lines) == ["https://a.example/news", "https://www.b.example/aktuelles"]
    assert [line.number for line in lines] == [2, 4]


def test_commas_inside_addresses_part_no_columns() -> None:
    text = "https://a.example/news,12.html\nhttps://b.example/\n"
    assert urls(read_list(text.encode(), "list.txt")) == [
        "https://a.example/news,12.html",
        "https://b.example/",
    ]


def test_addresses_with_names_and_no_head_row() -> None:
    lines = read_list(b"https://a.example/,Cluster A\nhttps://b.example/,Cluster B\n", "list.csv")
    assert [line.source.name for line in lines if line.source] == ["Cluster A", "Cluster B"]
    assert urls(lines) == ["https://a.example/", "https://b.example/"]


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("first", ["", "sep=;\r\n"])
def test_csv_as_spreadsheets_write_it(charset: str, first: str) -> None:
    text = first + 'Titel;Adresse;Schlagworte\r\n"Köln; Medizin";https://a.example/;med|köln\r\n'
    source = only(read_list(text.encode(charset), "list.csv"))
    assert (source.name, source.url) == ("Köln; Medizin", "https://a.example/")
    assert (source.id, source.tags) == ("koln-medizin", ("med", "köln"))


def test_line_numbers_count_the_file_s_lines() -> None:
    text = 'name,url\n"two\nlines",https://a.example/\nwrong,ftp://b.example/\n'
    first, second = read_list(text.encode(), "list.csv")
    assert (first.number, second.number) == (3, 4)
    assert second.source is None
    assert "url" in second.error


def test_tab_separated_values_of_a_clipboard() -> None:
    assert urls(read_list(b"name\turl\nA\thttps://a.example/\n", "list.csv")) == [
        "https://a.example/"
    ]


def test_toml_tables_are_read_and_written_back() -> None:
    written = write_toml([Source("one", "One", "https://a.example/", tags=("x",), excerpt=0)])
    source = only(read_list(written.encode(), "list.toml"))
    assert (source.id, source.name, source.tags, source.excerpt) == ("one", "One", ("x",), 0)


@pytest.mark.parametrize("body", [b"sources = [1]", b"sources = 3", b"[[sources", b"[" * 5000])
def test_wrong_toml_is_one_error(body: bytes) -> None:
    with pytest.raises(SourceError):
        read_list(body, "list.toml")


def test_opml_is_read_and_written_back() -> None:
    sources = [
        Source("one", "One & only", "https://a.example/feed", kind="feed"),
        Source("two", "Two", "https://b.example/news"),
    ]
    lines = read_list(write_opml(sources, {}, "Ours").encode(), "list.opml")
    found = [line.source for line in lines if line.source]
    assert [(one.name, one.url, one.kind) for one in found] == [
        ("One & only", "https://a.example/feed", "feed"),
        ("Two", "https://b.example/news", "auto"),
    ]


def test_opml_with_other_capitals_and_folders() -> None:
    body = b"""<opml version="1.0"><body><outline text="Folder">
      <outline title="A" xmlURL=" https://a.example/feed "/></outline></body></opml>"""
    assert read_opml(body) == [{"name": "A", "url": "https://a.example/feed", "kind": "feed"}]


def test_which_list_is_watched_is_kept_by_opml() -> None:
    sources = [
        Source("one", "One", "https://a.example/news", selector='main > div.x[title="A & B"] > li'),
        Source("two", "Two", "https://b.example/", only_links=("/news/*", "/a b/*?x=1&y")),
        Source("three", "Three", "https://c.example/feed", kind="feed", skip_links=("/jobs/*",)),
    ]
    lines = read_list(write_opml(sources, {"one": ""}, "Ours").encode(), "list.opml")
    found = [(one.selector, one.only_links, one.skip_links) for one in map(_source, lines)]
    assert found == [
        ('main > div.x[title="A & B"] > li', (), ()),
        ("", ("/news/*", "/a%20b/*?x=1&y"), ()),
        ("", (), ("/jobs/*",)),
    ]


@pytest.mark.parametrize(
    ("attribute", "said"),
    [
        ('clusterwatchSelector="ul["', "selector"),
        ('clusterwatchSelector="li:foo"', "selector"),
        (f'clusterwatchSelector="{"a, " * 200}a"', "selector"),
        (f'clusterwatchOnlyLinks="/{"a*" * 300}"', "only_links number 1"),
        (f'clusterwatchSkipLinks="{"/a/* " * 201}"', "skip_links"),
    ],
)
def test_what_a_strangers_opml_says_of_a_list_is_checked(attribute: str, said: str) -> None:
    [line] = read_list(_opml(f'htmlUrl="https://a.example/news" {attribute}'), "list.opml")
    assert line.source is None
    assert line.error.startswith(f"{said}: ")
    assert len(line.error) < 700


def test_an_opml_sets_no_other_key() -> None:
    others = 'clusterwatchHeaders_File="/etc/passwd" headers_file="x" clusterwatchRender="browser"'
    [line] = read_list(_opml(f'xmlUrl="https://a.example/f" {others}'), "list.opml")
    assert _source(line) == Source("a", "A", "https://a.example/f", kind="feed")


def _opml(attributes: str) -> bytes:
    return f'<opml version="2.0"><body><outline text="A" {attributes}/></body></opml>'.encode()


def _source(line: Line) -> Source:
    assert line.source is not None, line.error
    return line.source


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"<html><p>no list</p></html>", b"plain text"])
def test_what_is_no_opml_is_refused(body: bytes) -> None:
    with pytest.raises(SourceError):
        read_opml(body)


def test_entities_of_a_hostile_opml_are_not_expanded() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    body = f"""<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY e0 "x">{bomb}
      <!ENTITY f SYSTEM "file:///etc/hostname">]>
      <opml><body><outline text="&e11;" xmlUrl="https://a.example/"/>
      <outline text="b">&f;</outline></body></opml>"""
    try:
        found = read_opml(body.encode())
    except SourceError:
        return
    assert sum(len(str(row)) for row in found) < 10_000


def test_control_characters_in_names_leave_opml_well_formed() -> None:
    written = write_opml([Source("a", "A\x00\x1bB\u2028", "https://a.example/")], {}, "T\x07")
    assert [one["name"] for one in read_opml(written.encode())] == ["A B"]


def test_an_id_in_use_is_said_by_its_line() -> None:
    lines = read_list(b"id,url\nx,https://a.example/\nx,https://b.example/\n", "l.csv", ["y"])
    assert [line.error for line in lines] == ["", 'id: "x" is in use']
    assert read_list(b"id,url\ny,https://a.example/\n", "l.csv", ["y"])[0].error


def test_ids_come_from_names_else_hosts() -> None:
    assert new_id("Großraum Süd", "https://x.example/", ()) == "grossraum-sud"
    assert new_id("클러스터", "https://www.x.example/", ()) == "x"
    assert new_id("", "https://www.x.example/", ("x",)) == "x-2"
    assert new_id("", "https://www.x.example/", ("x", "x-2", "x-3")) == "x-4"
    assert new_id("", "https://[", ()) == "source"
    assert new_id("", "http://127.0.1.17:8600/", ()) == "127-0-1-17"


def test_too_large_and_too_wide_lists_are_refused() -> None:
    with pytest.raises(SourceError, match="larger"):
        read_list(b"x" * 5_000_001, "l.csv")
    with pytest.raises(SourceError, match="line"):
        read_list(b'name,url\n"' + b"x" * 200_000 + b'",https://a.example/\n', "l.csv")


@pytest.mark.parametrize("word", ["nonsense", "see below", "n/a", "."])
def test_a_word_is_no_address(word: str) -> None:
    body = f"Name;Adresse\nCluster C;cluster-c.example/news\nCluster D;{word}\n".encode()
    first, second = read_list(body, "list.csv")
    assert first.source is not None
    assert first.source.url == "https://cluster-c.example/news"
    assert second.error == f'url: "{word}" is no web address'


def test_a_file_of_the_catalogue_is_read_as_it_is_written() -> None:
    body = (
        b'id = "accio"\nname = "A"\nurl = "https://a.example/"\ncountry = "ES"\n'
        b'languages = ["ca", "es"]\nsectors = ["multi"]\nseen = "https://a.example/1"\n'
        b'confidence = "derived"\nverified = false\nseed = true\n'
    )
    [line] = read_list(body, "accio.toml")
    assert line.source == Source("accio", "A", "https://a.example/", tags=("multi",))
    assert (line.country, line.languages) == ("ES", ("ca", "es"))


def test_an_unknown_key_is_told_with_the_allowed_ones() -> None:
    [line] = read_list(b'url = "https://a.example/"\nnmae = "A"\n', "list.toml")
    assert line.error.startswith('nmae: unknown key; did you mean "name"? Allowed: id, name, url')


def test_a_folder_is_read_file_by_file_and_a_broken_one_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('url = "https://a.example/"\n', "utf-8")
    (tmp_path / "b.toml").write_text("url = \n", "utf-8")
    (tmp_path / "c.toml").write_text('id = "a"\nurl = "https://c.example/"\n', "utf-8")
    (tmp_path / "notes.txt").write_text("https://n.example/\n", "utf-8")
    first, second, third = read_folder(tmp_path)
    assert (first.file, only([first]).id) == ("a.toml", "a")
    assert second.error.startswith("not valid TOML")
    assert (third.file, third.error) == ("c.toml", 'id: "a" is in use')


def test_the_shipped_catalogue_can_be_imported_whole() -> None:
    lines = read_folder(shipped_folder())
    assert len(lines) > 90
    assert [line for line in lines if not line.source or not line.country] == []


def test_a_scheme_within_an_address_is_not_its_own() -> None:
    [line] = read_list(b"url\nwww.a.example/share?u=https://b.example/x\n", "list.csv")
    assert line.source is not None
    assert line.source.url == "https://www.a.example/share?u=https://b.example/x"


class _Counted(set[str]):
    """Ids in use, and how often it was asked for one."""

    asked = 0

    def __contains__(self, one: object) -> bool:
        self.asked += 1
        return super().__contains__(one)


def test_ids_of_one_name_do_not_cost_their_square() -> None:
    used = _Counted()
    for _ in range(1000):
        used.add(new_id("Valley", "https://valley.example/", used))
    assert used == {"valley", *(f"valley-{number}" for number in range(2, 1001))}
    assert used.asked < 1000 * 25
