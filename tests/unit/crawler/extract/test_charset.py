"""Which charset really holds."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.charset import charset_of, decode


def test_a_byte_order_mark_beats_every_label() -> None:
    body = codecs.BOM_UTF8 + "Größe".encode()
    assert decode(body, "text/html; charset=iso-8859-1") == "Größe"
    assert decode(codecs.BOM_UTF16_LE + "Größe".encode("utf-16-le")) == "Größe"


def test_the_header_beats_the_meta_element() -> None:
    body = '<meta charset="utf-8">Łódź'.encode("iso-8859-2")
    assert "Łódź" in decode(body, "text/html; charset=iso-8859-2")


@pytest.mark.parametrize(
    ("head", "charset", "text"),
    [
        ('<meta charset="euc-kr">', "euc-kr", "한국 기업"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=gb2312">', "gb18030", "中国"),
        ('<?xml version="1.0" encoding="shift_jis"?>', "cp932", "日本"),
        ('<meta charset="windows-1252">', "cp1252", "“Größe” – 5 €"),
    ],
)
def test_declarations_inside_the_document_count(head: str, charset: str, text: str) -> None:
    assert text in decode((head + text).encode(charset))


def test_latin_1_means_windows_1252() -> None:
    body = "“Größe” – 5 €".encode("cp1252")
    assert decode(body, "text/html; charset=ISO-8859-1") == "“Größe” – 5 €"


def test_valid_utf8_beats_a_lying_label() -> None:
    assert decode("Südkorea – ja".encode(), "text/html; charset=iso-8859-1") == "Südkorea – ja"


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("cp1252", "Être à la forêt où l’équipe a été créée, les élèves français préfèrent l’été."),
        ("cp1252", "På en ø i søen står en gård, hvor mænd og kvinder går på æblejagt og får øl."),
        ("cp1252", "Größe, Straße, Übermut und Ämter für später, über Öl, müßig und schön."),
        ("cp1250", "Klaster zaprasza członków na spotkanie, żeby wspólnie omówić współpracę."),
        ("cp1250", "Příští rok začíná nový projekt na měření čistoty vzduchu v našich městech."),
        ("cp1251", "Кластер приглашает своих участников на встречу весной следующего года."),
        ("euc-kr", "클러스터는 내년 봄 대전에서 열리는 회의에 회원사를 초대한다고 밝혔다."),
        ("shift_jis", "日本の企業とドイツのクラスターが協力について話し合い、共同研究を進める。"),
        ("gb18030", "中国企业与德国集群在会议上讨论了合作，并将开展联合研究项目。"),
    ],
)
def test_without_any_label_the_bytes_tell(charset: str, text: str) -> None:
    assert decode(("<html><body><p>" + text * 3).encode(charset)) == "<html><body><p>" + text * 3


def test_windows_1252_declared_as_utf8_is_still_read() -> None:
    body = "<p>Größe, Straße und Übermut für alle Ämter</p>".encode("cp1252")
    assert "Größe, Straße und Übermut" in decode(body, "text/html; charset=utf-8")


def test_single_wrong_bytes_in_utf8_are_read_as_windows_1252() -> None:
    body = "Größe und Straße ".encode() + b"f\xfcr alle"
    assert decode(body, "text/html; charset=utf-8") == "Größe und Straße für alle"


def test_a_truncated_last_character_does_not_change_the_charset() -> None:
    assert charset_of("Größe und Straße".encode()[:-2] + b"\xc3") == "utf-8"


def test_nuls_are_dropped_and_unknown_labels_ignored() -> None:
    assert decode(b"a\x00b", "text/html; charset=klingon") == "ab"
    assert decode(b"abc", "text/html; charset=hex") == "abc"


@given(st.binary(max_size=200), st.text(max_size=40))
def test_no_bytes_and_no_header_raise(body: bytes, content_type: str) -> None:
    assert "\x00" not in decode(body, content_type)
