"""Which lines of a page are its article's text."""

from __future__ import annotations

from itertools import pairwise

import pytest

from crawler.extract.article import read_article
from crawler.extract.article_core import READERS
from crawler.extract.article_evidence import FEATURES
from crawler.extract.article_text import is_text

URL = "https://www.cluster.example/news/one"
TITLE = "A workshop opens in the valley"
SENTENCES = [
    f"On day {day} the {who} of the valley, who had waited long, came to see the machines at work."
    for day, who in enumerate(
        ("bakers", "smiths", "weavers", "tanners", "millers", "joiners", "potters", "dyers"), 1
    )
]


def lines(content: str) -> list[str]:
    html = f"<html lang='en'><head><title>{TITLE}</title></head><body>{content}</body></html>"
    return read_article(html.encode(), URL).text.split("\n\n")


def told(sentences: list[str]) -> str:
    return "".join(f"<p>{sentence}</p>" for sentence in sentences)


def article(content: str) -> str:
    return f"<article><h1>{TITLE}</h1><div class='content'>{content}</div></article>"


def post(text: str, name: str) -> str:
    link = "<a href='https://twitter.com/x/status/1'>May 3, 2016</a>"
    return f"<blockquote class='twitter-tweet'><p>{text}</p>&mdash; {name} {link}</blockquote>"


def test_quoted_posts_of_networks_are_text_with_their_names() -> None:
    posts = post("So many machines here, look", "elvan (@isl)") + post("No coffee", "Jo (@jo)")
    found = lines(article(told(SENTENCES[:4]) + posts + told(SENTENCES[4:])))
    assert found == [
        *SENTENCES[:4],
        *("So many machines here, look", "— elvan (@isl) May 3, 2016"),
        *("No coffee", "— Jo (@jo) May 3, 2016"),
        *SENTENCES[4:],
    ]


def test_posts_beside_the_article_are_no_text() -> None:
    aside = f"<aside><h2>Our posts</h2>{post('We met the mayor today', 'Cluster (@c)')}</aside>"
    assert lines(article(told(SENTENCES)) + aside) == SENTENCES


def test_sections_that_are_joined_a_level_above_their_own_boxes_are_one_text() -> None:
    share = "<p><a href='/s'>Share it</a></p>"
    sections = [SENTENCES, [each.replace("valley", "hills") for each in SENTENCES]]
    sections.append([each.replace("valley", "town") for each in SENTENCES])
    boxes = "".join(
        f"<div class='joint'>{share}<h4>Part {number}</h4><div class='part'>{told(one)}</div></div>"
        for number, one in enumerate(sections)
    )
    found = lines(f"<div><h1>{TITLE}</h1><div class='story'>{boxes}</div></div>")
    assert [line for one in sections for line in one if line not in found] == []


def test_an_article_told_below_its_pictures_keeps_their_paragraphs() -> None:
    longer = [f"{one} {other}" for one, other in pairwise(SENTENCES)]
    slides = "".join(
        f"<figure><img src='/{at}.jpg'><figcaption><p>{text}</p></figcaption></figure>"
        for at, text in enumerate(longer)
    )
    found = lines(f"<article><h1>{TITLE}</h1><p>{SENTENCES[0]}</p><div>{slides}</div></article>")
    assert [line for line in longer if line not in found] == []


def test_captions_of_an_article_with_text_of_its_own_are_none() -> None:
    longer = [f"{one} {other}" for one, other in pairwise(SENTENCES)]
    caption = "Here the mayor is seen in front of all twelve machines that the valley has bought. "
    figures = f"<figure><img src='/a.jpg'><figcaption>{caption * 2}</figcaption></figure>" * 3
    assert caption.strip() not in " ".join(lines(article(told(longer) + figures)))


def test_a_short_heading_below_the_title_that_says_a_sentence_is_text() -> None:
    deck = "Twelve machines and a coffee maker are waiting."
    content = f"<header><h1>{TITLE}</h1><h2 class='deck'>{deck}</h2></header>"
    text = f"<div class='content'>{told(SENTENCES)}</div>"
    assert lines(f"<article>{content}{text}</article>") == [deck, *SENTENCES]


@pytest.mark.parametrize(
    "head",
    [
        "<h2>{}</h2><p>By <a href='/ann'>Ann Example</a></p>",
        "<p>Ann Example</p><p>Valleytown</p><p>3 May 2016</p><h2>{}</h2>",
        "<p>{}.</p><p>By <a href='/ann'>Ann Example</a></p><p>Valleytown</p>",
        "<div class='page_articleDek__x1Y'>{}</div><p>Ann Example</p>",
        "<p>Ann Example</p><p>Photo by Jo</p><div class='sub_title1'>{}</div><p>3 May 2016</p>",
    ],
)
def test_a_standfirst_stands_below_the_title_or_is_called_so(head: str) -> None:
    said = "Twelve machines and a coffee maker are waiting"
    text = f"<div class='content'>{told(SENTENCES)}</div>"
    found = lines(f"<article><header><h1>{TITLE}</h1>{head.format(said)}</header>{text}</article>")
    assert [found[0].rstrip("."), *found[1:]] == [said, *SENTENCES]


@pytest.mark.parametrize(
    "head",
    [
        "<h2><a href='/other'>{}</a></h2>",
        "<h2>More</h2><h2>{}</h2>",
        "<div class='lead-image'>{}</div>",
        "<aside><div class='intro'>{}</div></aside>",
        "<div><p class='lead-form'>{}</p></div>",
        "<div><p class='excerpt'>{}.</p></div><div><p class='excerpt'>Ten more.</p></div>",
    ],
)
def test_other_lines_below_the_title_are_no_standfirst(head: str) -> None:
    said = "Twelve machines and a coffee maker are waiting"
    text = f"<div class='content'>{told(SENTENCES)}</div>"
    found = lines(f"<article><header><h1>{TITLE}</h1>{head.format(said)}</header>{text}</article>")
    assert [line for line in found if said in line] == []


def test_a_label_that_is_called_a_standfirst_is_none() -> None:
    label = "<p class='lead'>Reading time is four minutes, research</p>"
    text = f"<div class='content'>{told(SENTENCES)}</div>"
    assert lines(f"<article><header><h1>{TITLE}</h1>{label}</header>{text}</article>") == SENTENCES


def test_components_of_a_content_system_are_no_consent_layer() -> None:
    parts = "".join(
        f"<div class='cmp-title'><h3 class='cmp-title__text'>Part {number}</h3></div>"
        f"<div class='cmp-text'><p>{one}</p></div>"
        for number, one in enumerate(SENTENCES)
    )
    found = lines(f"<main><h1>{TITLE}</h1><div class='cmp-container'>{parts}</div></main>")
    assert [line for line in SENTENCES if line not in found] == []
    assert "Part 3" in found


def test_what_all_readers_took_is_text_unless_the_publisher_leaves_it_out() -> None:
    agreed = dict.fromkeys((*READERS, "bias"), 1.0)
    against: tuple[dict[str, float], ...] = (
        {},
        {"not_in_statement": 1.0},
        {"furniture": 1.0},
        {"links": 0.5},
    )
    rows = [[(agreed | one).get(name, 0.0) for name in FEATURES] for one in against]
    assert [is_text(row) for row in rows] == [True, False, False, False]


def test_of_labels_that_all_readers_took_only_items_and_sentences_are_text() -> None:
    label = dict.fromkeys((*READERS, "short", "bias"), 1.0)
    kinds: tuple[dict[str, float], ...] = ({}, {"sentence": 1.0}, {"list_item": 1.0})
    rows = [[(label | one).get(name, 0.0) for name in FEATURES] for one in kinds]
    assert [is_text(row) for row in rows] == [False, True, True]


def test_a_sentence_needs_no_vote_of_our_own_container() -> None:
    taken = {"fast": 1.0, "precision": 1.0, "readability": 1.0, "bias": 1.0}
    kinds: tuple[dict[str, float], ...] = (
        {"sentence": 1.0},
        {"sentence": 1.0, "short": 1.0},
        {},
        {"sentence": 1.0, "readability": 0.0},
    )
    rows = [[(taken | one).get(name, 0.0) for name in FEATURES] for one in kinds]
    assert [is_text(row) for row in rows] == [True, False, False, False]


def test_sentences_that_begin_a_text_need_only_one_library() -> None:
    taken = dict.fromkeys(("fast", "precision", "sentence", "before", "below_title", "bias"), 1.0)
    kinds: tuple[dict[str, float], ...] = ({}, {"unlike_core": 1.0}, {"below_title": 0.0})
    rows = [[(taken | one).get(name, 0.0) for name in FEATURES] for one in kinds]
    weights = dict.fromkeys(FEATURES, 0.0)
    assert [is_text(row, weights) for row in rows] == [True, False, False]


def test_a_line_of_days_is_no_standfirst() -> None:
    days = "<div class='subtitle'>27 October 2012, 18:27 | Updated: 28 October 2012</div>"
    text = f"<div class='content'>{told(SENTENCES)}</div>"
    assert lines(f"<article><header><h1>{TITLE}</h1>{days}</header>{text}</article>") == SENTENCES


@pytest.mark.parametrize(
    "line",
    [
        *("Like us on Facebook", "Find us on Instagram", "Read more about tools in our guide."),
        "Follow Ann Example on Twitter @ann_at_work",
        "The mayor is glad to see so many machines. Photo: Supplied",
        *("The new hall in Valleytown — Foto: Ann Example", "The mayor speaks (Photo: Jo/Press)"),
        *(
            "The mayor - Photo: Museum of the Valley",
            "The hall | Foto: picture alliance/Jo Example",
        ),
    ],
)
def test_calls_to_follow_and_credited_captions_are_no_text(line: str) -> None:
    assert lines(article(told([*SENTENCES[:4], line, *SENTENCES[4:]]))) == SENTENCES


@pytest.mark.parametrize(
    "line",
    [
        *(
            "The fake-image: how forgers work in the valley",
            "X-Ray-Bild: Aufnahme in drei Sekunden",
        ),
        *(
            "The new sensor sees more. Bild: ein Blech mit Riss",
            "At work - image: what it shows us",
        ),
        "What we saw — picture: twelve machines that stand in the hall of the valley",
    ],
)
def test_lines_that_speak_of_pictures_are_text(line: str) -> None:
    assert line in lines(article(told([*SENTENCES[:4], line, *SENTENCES[4:]])))


@pytest.mark.parametrize(
    "line",
    [
        *("Story continues below", "Advertisement - story continues below"),
        *("Continue reading below advertisement", "Weiter nach der Anzeige"),
        *("Der Artikel wird nach der Anzeige fortgesetzt", "Artiklen fortsætter efter annoncen"),
        *("La suite après la publicité", "Tekst loopt door onder de advertentie"),
    ],
)
def test_lines_about_advertisements_between_paragraphs_are_no_text(line: str) -> None:
    assert lines(article(told([*SENTENCES[:4], line, *SENTENCES[4:]]))) == SENTENCES


def test_cells_of_a_table_that_most_readers_took_whole_are_text() -> None:
    table = {"cell": 1.0, "short": 1.0, "between": 1.0, "cell_between": 1.0, "bias": 1.0}
    within = [table.get(name, 0.0) for name in FEATURES]
    alone = [(table | {"cell_between": 0.0}).get(name, 0.0) for name in FEATURES]
    furniture = [(table | {"furniture": 1.0}).get(name, 0.0) for name in FEATURES]
    assert [is_text(each) for each in (within, alone, furniture)] == [True, False, False]
