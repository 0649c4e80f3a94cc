"""Which of an entry's elements becomes what: every disagreement with feedparser, mended."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.extract.feed import FeedReading, read_feed
from crawler.model.item import RawItem

URL = "https://feeds.example.org/dir/feed.xml"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:atom="http://www.w3.org/2005/Atom"'
)


def read(document: str, url: str = URL) -> FeedReading:
    return read_feed(document.encode(), url, now=NOW)


def rss(elements: str) -> RawItem:
    (item,) = read(
        f'<rss version="2.0" {NAMESPACES}><channel><item>{elements}</item></channel></rss>'
    ).items
    return item


def atom(elements: str, version: str = "1.0") -> RawItem:
    namespace = "http://purl.org/atom/ns#" if version == "0.3" else "http://www.w3.org/2005/Atom"
    (item,) = read(
        f'<feed version="{version}" xmlns="{namespace}"><entry>{elements}</entry></feed>'
    ).items
    return item


@pytest.mark.parametrize(
    ("written", "guid"),
    [
        ("<guid>/kurz?id=1</guid>", "/kurz?id=1"),
        ("<guid>HTTPS://Example.ORG/A</guid>", "HTTPS://Example.ORG/A"),
        ('<guid isPermaLink="false"><em>n</em>-17</guid>', "<em>n</em>-17"),
        ('<guid isPermaLink="false">&lt;em&gt;n&lt;/em&gt;-17</guid>', "<em>n</em>-17"),
        (
            '<guid isPermaLink="false"><![CDATA[&lt;em&gt;n&lt;/em&gt;]]></guid>',
            "&lt;em&gt;n&lt;/em&gt;",
        ),
        ("<guid>\n at://did:plc:beispiel/1 \n</guid>", "at://did:plc:beispiel/1"),
        ('<guid isPermaLink="false">a\x01b</guid>', "ab"),
    ],
)
def test_a_guid_is_kept_as_written(written: str, guid: str) -> None:
    assert rss(f"<title>t</title>{written}").guid == guid


def test_an_atom_id_is_neither_resolved_nor_taken_from_the_source_element() -> None:
    item = atom(
        "<source><id>fremd</id><title>Quelle</title></source><id>eigene</id><title>t</title>"
    )
    assert (item.guid, item.title) == ("eigene", "t")


def test_an_entity_of_the_document_is_resolved_in_a_guid() -> None:
    reading = read(
        '<!DOCTYPE rss [\n<!ENTITY org "tag:example.org,2026:">\n]>'
        '<rss version="2.0"><channel><item><guid isPermaLink="false">'
        "&org;1</guid></item></channel></rss>"
    )
    assert reading.items[0].guid == "tag:example.org,2026:1"


@pytest.mark.parametrize(
    "elements",
    [
        "<media:title>Bild</media:title><title>Eigener</title>",
        "<title>Eigener</title><media:title>Bild</media:title>",
        "<dc:title>Fremder</dc:title><title>Eigener</title>",
        "<itunes:title>Folge</itunes:title><title><![CDATA[Eigener]]></title>",
        "<media:group><media:title>Bild</media:title></media:group><title>Eigener</title>",
    ],
)
def test_the_entrys_own_title_wins_over_a_modules(elements: str) -> None:
    assert rss(elements).title == "Eigener"


def test_a_modules_title_or_text_stands_in_for_a_missing_one() -> None:
    assert rss("<dc:title>Nur dieser</dc:title>").title == "Nur dieser"
    assert rss("<title>t</title><dc:description>Text</dc:description>").summary == "Text"
    assert rss("<title>t</title><itunes:summary>Folge 3</itunes:summary>").summary == "Folge 3"
    assert rss("<title>t</title><itunes:subtitle>Kurz</itunes:subtitle>").summary == "Kurz"
    assert rss("<title>t</title><atom:summary>Atom</atom:summary>").summary == "Atom"


def test_the_entrys_own_description_wins_over_the_pictures() -> None:
    item = rss("<media:description>Bild</media:description><description>Eigener</description>")
    assert item.summary == "Eigener"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("<title><p>Ein <b>neues</b> Labor</p></title>", "Ein neues Labor"),
        ("<title>&lt;p&gt;Labor&lt;/p&gt;</title>", "Labor"),
        ("<title><![CDATA[&lt;em&gt;Neu&lt;/em&gt;: Labor]]></title>", "Neu: Labor"),
        ("<title>&lt;/beispiel&gt;</title>", "</beispiel>"),
        ("<title>&amp;#39;Labor&amp;#39;</title>", "'Labor'"),
        ("<title>Suche: ?seite=1&copy=2;modus=x &amp; mehr</title>", None),
        ("<title>a&#x1;b&#0;c&#xFFFF;d&#1114112;e</title>", "abcde"),
        ("<title>Labor &#55357;&#56960; &#xD83D;&#xDE80; &#xD83D;</title>", "Labor 🚀 🚀"),
    ],
)
def test_titles_lose_markup_but_not_what_only_looks_like_it(
    written: str, title: str | None
) -> None:
    assert rss(written).title == (title or "Suche: ?seite=1&copy=2;modus=x & mehr")


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ('<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>b</b></div></title>',
         "A b"),
        ('<title type="xhtml"><h:div xmlns:h="http://www.w3.org/1999/xhtml">A <h:i>b</h:i></h:div>'
         "</title>", "A b"),
        ('<title type="xhtml">A <b xmlns="http://www.w3.org/1999/xhtml">b</b></title>', "A b"),
        ('<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">&lt;y&gt; z</div></title>',
         "<y> z"),
        ('<title type="html">A &lt;b&gt;b&lt;/b&gt; &amp;amp; c</title>', "A b & c"),
        ('<title type="html"><![CDATA[Das &lt;Tag&gt; schließen]]></title>', "Das <Tag> schließen"),
        ('<title type="text">AT&amp;T kauft</title>', "AT&T kauft"),
    ],
)  # fmt: skip
def test_atom_titles_are_read_as_their_type_says(written: str, title: str) -> None:
    assert atom(written).title == title


def test_atom_0_3_titles_may_be_escaped_or_base64() -> None:
    escaped = '<title type="text/html" mode="escaped">Ein &lt;b>Test&lt;/b></title>'
    encoded = '<title type="text/html" mode="base64">RWluIDxiPlRlc3Q8L2I+</title>'
    assert atom(escaped, "0.3").title == atom(encoded, "0.3").title == "Ein Test"


@pytest.mark.parametrize(
    ("written", "published", "modified"),
    [
        ("<issued>2003-12-13T08:29:29-04:00</issued><modified>2003-12-14T08:29:29Z</modified>",
         "2003-12-13T08:29:29-04:00", "2003-12-14T08:29:29+00:00"),
        ("<modified>Thu, 01 Jan 2004 19:48:21 GMT</modified>",
         "2004-01-01T19:48:21+00:00", "2004-01-01T19:48:21+00:00"),
        ("<created>2003-12-11T08:29:29Z</created>", "2003-12-11T08:29:29+00:00", ""),
    ],
)  # fmt: skip
def test_an_entry_that_holds_a_date_alone_keeps_it(
    written: str, published: str, modified: str
) -> None:
    item = atom(written, "0.3")
    assert item.published is not None
    assert item.published.isoformat() == published
    assert (item.modified.isoformat() if item.modified else "") == modified


@pytest.mark.parametrize(
    "elements",
    [
        "<dc:date>2026-02-03T04:05:06Z</dc:date>",
        "<dcterms:issued>2026-02-03T04:05:06Z</dcterms:issued>",
        "<dcterms:created>2026-02-03T04:05:06Z</dcterms:created>",
        "<dcterms:modified>2026-02-03T04:05:06Z</dcterms:modified>",
        "<atom:published>2026-02-03T04:05:06Z</atom:published>",
        "<pubDate/><dc:date>2026-02-03T04:05:06Z</dc:date>",
        "<pubDate>demnächst</pubDate><dc:date>2026-02-03T04:05:06Z</dc:date>",
        "<pubDate>2026-02-03T04:05:06Z</pubDate><dc:date>2026-02-04</dc:date>",
    ],
)
def test_a_date_of_a_module_stands_in_for_a_missing_one(elements: str) -> None:
    item = rss(elements)
    assert item.published is not None
    assert item.published.isoformat() == "2026-02-03T04:05:06+00:00"


def test_an_events_date_ahead_gives_way_to_another_or_to_none() -> None:
    event = "<title>Forum</title><pubDate>Thu, 24 Dec 2026 09:00:00 GMT</pubDate>"
    assert rss(event).published is None
    dated = rss(f"{event}<dc:date>2026-11-20T08:00:00Z</dc:date>").published
    assert dated is not None
    assert dated.isoformat() == "2026-11-20T08:00:00+00:00"


@pytest.mark.parametrize(
    ("written", "summary"),
    [
        ("<content>Die Rolle des &lt;blink&gt; heute</content>", "Die Rolle des <blink> heute"),
        ("<summary>AT&amp;T &lt;S&gt;</summary>", "AT&T <S>"),
        ("<summary>&lt;p&gt;Doch &lt;b&gt;HTML&lt;/b&gt;&lt;/p&gt;</summary>", "Doch HTML"),
        ('<summary type="html">&lt;code&gt;u&amp;lt;S&amp;gt;&lt;/code&gt;</summary>', "u<S>"),
        ('<summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">u&lt;S&gt;</div></summary>',
         "u<S>"),
        ('<content type="text/html" mode="base64">RWluIDxiPlRlc3Q8L2I+</content>', "Ein Test"),
        ("<summary>kurz</summary><content>der lange Text</content>", "kurz"),
    ],
)  # fmt: skip
def test_atom_texts_are_read_as_their_type_says(written: str, summary: str) -> None:
    assert atom(f"<title>t</title>{written}").summary == summary


def test_a_content_beside_its_summary_is_the_text() -> None:
    short = rss("<description>Kurz</description><content:encoded>Der Text</content:encoded>")
    same = rss("<description>Gleich</description><content:encoded>Gleich</content:encoded>")
    alone = rss("<title>t</title><content:encoded>Der Text</content:encoded>")
    fuller = rss("<description>Der ganze Text</description><content:encoded>x</content:encoded>")
    assert (short.summary, short.text) == ("Kurz", "Der Text")
    assert (same.summary, same.text) == ("Gleich", "")
    assert (alone.summary, alone.text) == ("Der Text", "")
    assert (fuller.summary, fuller.text) == ("Der ganze Text", "")


def test_text_around_a_cdata_section_is_kept() -> None:
    item = rss("<description>Eilig: <![CDATA[<b>Neues Labor</b>]]> heute</description>")
    assert item.summary == "Eilig: Neues Labor heute"


def test_an_encoded_content_without_its_namespace_is_read() -> None:
    assert rss("<title>t</title><encoded>Voller Text</encoded>").summary == "Voller Text"
    without_slash = read(
        '<rss version="2.0" xmlns:c="http://purl.org/rss/1.0/modules/content"><channel><item>'
        "<title>t</title><c:encoded>Voller Text</c:encoded></item></channel></rss>"
    )
    assert without_slash.items[0].summary == "Voller Text"


def test_an_entry_without_a_title_is_named_by_its_beginning() -> None:
    long = "Wir freuen uns sehr über die neue Zusammenarbeit mit unseren Partnern in Südkorea, " * 3
    short = rss("<link>https://e.example/1</link><description>Kurze Meldung.</description>")
    cut = rss(f"<link>https://e.example/1</link><description>{long}</description>")
    assert short.title == "Kurze Meldung."
    assert long.startswith(cut.title.removesuffix(" …"))
    assert 60 < len(cut.title) <= 102


@pytest.mark.parametrize(
    ("written", "author"),
    [
        ("<author>ina@example.org (Ina Beispiel)</author>", "Ina Beispiel"),
        ("<author>Ina Beispiel &lt;ina@example.org&gt;</author>", "Ina Beispiel"),
        ("<dc:creator>Ina Beispiel (mailto:ina@example.org)</dc:creator>", "Ina Beispiel"),
        ("<dc:creator>&lt;a href='/i'&gt;Ina&lt;/a&gt; (TU Jena)</dc:creator>", "Ina (TU Jena)"),
        ("<author>ina@example.org</author>", ""),
        ("<itunes:author>Ina</itunes:author>", "Ina"),
    ],
)
def test_authors_are_names_without_mail_addresses(written: str, author: str) -> None:
    assert rss(f"<title>t</title>{written}").author == author


def test_several_atom_authors_are_all_named() -> None:
    item = atom(
        "<title>t</title><author><name>Ina</name><email>i@example.org</email></author>"
        "<author><name>Bo</name></author>"
    )
    assert item.author == "Ina, Bo"


@pytest.mark.parametrize(
    "document",
    [
        '<rss version="2.0" xmlns="https://example.org/any"><channel><item><title>t</title>'
        "<link>https://e.example/1</link></item></channel></rss>",
        '<RSS VERSION="0.92"><CHANNEL><ITEM><TITLE>t</TITLE><LINK>https://e.example/1</LINK></ITEM>'
        "</CHANNEL></RSS>",
        '<rss version="0.91"><item><title>t</title><link>https://e.example/1</link></item></rss>',
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>c</title></channel>'
        "<item><title>t</title><link>https://e.example/1</link></item></rdf:RDF>",
        "PHP Notice: x in y on line 3\n<br />\n<?xml version='1.0'?><rss version='2.0'><channel>"
        "<item><title>t</title><link>https://e.example/1</link></item></channel></rss>",
        "\n\n  <?xml version='1.0'?><?xml version='1.0'?><rss version='2.0'><channel><item>"
        "<title>t</title><link>https://e.example/1</link></item></channel></rss><script>x()</script>",
        "<rss version='2.0'><channel><item><title>t</title><link>https://e.example/1</link></item>"
        "<item><title>",
        '<rss version="2.0" xmlns:atom=" http://www.w3.org/2005/Atom "><channel><item>'
        "<title>t</title><link>https://e.example/1</link></item></channel></rss>",
    ],
)
def test_odd_documents_give_their_items(document: str) -> None:
    item = read(document).items[0]
    assert (item.title, item.url) == ("t", "https://e.example/1")
