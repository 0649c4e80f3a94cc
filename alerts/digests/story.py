"""One story as the reader sees it: a title, one meta line, one sentence.

The reader's column is 360 px wide there: normally five lines a story, never more than
seven. The budget is counted in characters, measured once on the rendered digest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from textwrap import shorten, wrap
from urllib.parse import quote

from alerts.digests.plain import clipped, one_line, same_length, web_address
from alerts.digests.runs import at_words
from alerts.digests.words import Words
from crawler.model.digest import DigestStory, SelectedStory
from crawler.model.item import Item
from crawler.model.source import Source
from crawler.model.topic import Evidence, Match, TopicDefinition
from crawler.stories.face import Excerpt, excerpt

TITLE_LENGTH = 120
TITLE_LINES = 3
TITLE_COLUMNS = 39  # characters a line at 360 px
META_COLUMNS = 52
SENTENCE_COLUMNS = 45
SURE_COLUMNS = 42  # of a sentence, whatever its letters
GLOSS_LENGTH = META_COLUMNS  # one line
NAME_LENGTH = 40
TELLING_LENGTH = 18  # a source's name in "also in"
NAME_LENGTH_SHORT = 24  # where a line has to be saved
SHORT_TITLE_LINES = 2
SENTENCE_LINES = 2  # at least, where the text has so many: the evidence in its sentence
USUAL_LINES = 5
MOST_LINES = 7
NAMED_TELLINGS = 2
NAMED_TOPICS = 2
TOPIC_LENGTH = 80
MOST_CHANGE = 120  # characters of what changed
LEAST_CHANGE = 20  # of an excerpt; shorter ones tell nothing
_CONCEPTS = 3
_DEFAULT_EXCERPT = 160


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a digest is composed for: language, place and what they know by which name."""

    words: Words
    today: date
    zone: tzinfo
    topics: Mapping[str, TopicDefinition]
    sources: Mapping[str, Source]
    concept_name: Callable[[str, str], str]  # (concept id, language) -> display name
    translate: str = ""  # address with {url} and {language}

    def topic_name(self, topic: str) -> str:
        """The topic's display name in the reader's language."""
        known = self.topics.get(topic)
        name = known.names.get(self.words.language) or known.name if known else ""
        return clipped(one_line(name) or one_line(topic), TOPIC_LENGTH)

    def short_topic_name(self, topic: str) -> str:
        """The topic's name where room is short (``short`` in its definition), else the full one."""
        known = self.topics.get(topic)
        short = known.definition.get("short") if known else None
        name = short.get(self.words.language) if isinstance(short, Mapping) else None
        return clipped(one_line(str(name)), TOPIC_LENGTH) if name else self.topic_name(topic)

    def source_name(self, item: Item) -> str:
        """The display name of the source that listed ``item`` first."""
        known = self.sources.get(item.source)
        return one_line(known.name if known and known.name else item.source)


def story_title(item: Item, lines: int = TITLE_LINES) -> str:
    """The item's title, cut to so many lines of a phone; what stands in for it where the page
    has none."""
    texts = (item.title, item.summary, item.text[: 4 * TITLE_LENGTH], item.url)
    title = next((line for text in texts if (line := one_line(text))), "…")
    length = TITLE_LENGTH
    while len(wrap(clipped(title, length), TITLE_COLUMNS)) > lines:
        length = length * 9 // 10  # long words leave lines half empty
    return clipped(title, length)


def item_link(item: Item) -> str:
    """Where the title leads: the listed address without what only tells how we came there
    (session, campaign); another canonical address is not known to open."""
    listed, canonical = web_address(item.url), web_address(item.canonical_url)
    if not listed or (canonical and _bare(listed) == _bare(canonical)):
        return canonical
    return listed


def told_change(item: Item, source: Source | None, words: Words) -> str:
    """What changed of an item since it was first told, as far as its source's excerpt reaches; ""
    where nothing did, or its title says it."""
    room = min(MOST_CHANGE, source.excerpt if source else MOST_CHANGE)
    if room < LEAST_CHANGE or not item.change or item.change in story_title(item):
        return ""
    return shorten(one_line(words.change(item.change)), room, placeholder=" …")


def _bare(url: str) -> str:
    return url.partition("#")[0].partition("?")[0]


def digest_story(selected: SelectedStory, reader: Reader) -> DigestStory:
    """``selected`` in the reader's words, within the line budget. Pure."""
    language = reader.words.language
    lead, match = selected.lead, selected.match
    code = "" if lead.language in (language, "") else lead.language
    also_in, also_links = _also_in(lead, selected.also_in, reader)
    translation = _translation(lead, reader) if code else ()
    bare = DigestStory(
        title=story_title(lead),
        url=item_link(lead),
        source=clipped(reader.source_name(lead), NAME_LENGTH),
        date=_date(lead, reader),
        language=reader.words.language_name(code) if code else "",
        sentence="",
        gloss=_gloss(match, reader, translation) if code else "",
        also_in=also_in,
        also_links=also_links,
        other_topics=_other_topics(selected, reader),
        language_code=code,
        translation=translation,
        item=lead.id,
        changed=reader.words.say("Updated since") if lead.change else "",
    )
    return _with_sentence(bare, selected, reader)


def meta_parts(story: DigestStory) -> tuple[str, ...]:
    """What the meta line tells, in order: source, date and that it changed since, language,
    other topics."""
    parts = (story.source, story.date, story.changed, story.language, story.other_topics)
    return tuple(part for part in parts if part)


def tail_parts(story: DigestStory) -> tuple[str, ...]:
    """What stands below the sentence: the other tellings, a translation."""
    parts = (story.also_in, *(label for label, _ in story.translation))
    return tuple(part for part in parts if part)


def gloss_parts(story: DigestStory) -> tuple[str, ...]:
    """The line of the gloss, which a translation joins where there is one."""
    return (story.gloss, *(label for label, _ in story.translation)) if story.gloss else ()


def foot_parts(story: DigestStory) -> tuple[str, ...]:
    """What stands below the sentence where ``gloss_parts`` stand above it."""
    return tuple(part for part in tail_parts(story) if part not in gloss_parts(story))


def used_lines(story: DigestStory) -> int:
    """Lines that ``story`` takes at 360 px without its sentence, estimated."""
    small = (gloss_parts(story), meta_parts(story), foot_parts(story))
    return len(wrap(story.title, TITLE_COLUMNS)) + sum(
        len(wrap(" · ".join(parts), META_COLUMNS)) for parts in small
    )


def _with_sentence(story: DigestStory, selected: SelectedStory, reader: Reader) -> DigestStory:
    """The evidence's sentence as far as the lines reach; elsewhere lines are saved before it is
    cut to nothing."""
    item, match = selected.lead, selected.match
    source = reader.sources.get(item.source)
    allowed = source.excerpt if source else _DEFAULT_EXCERPT
    whole = _excerpt(item, match, allowed).text
    wanted = min(SENTENCE_LINES, len(wrap(whole, SURE_COLUMNS)))
    for leaner in _ever_leaner(story, selected, reader):
        story, used = leaner, used_lines(leaner)
        if MOST_LINES - used >= wanted:
            break
    lines = min(max(USUAL_LINES - used, SENTENCE_LINES), max(MOST_LINES - used, 0))
    found = _excerpt(item, match, min(allowed, lines * SENTENCE_COLUMNS))
    # Long words leave lines half empty: shorten until even they fit.
    while found.text and used + len(wrap(found.text, SURE_COLUMNS)) > MOST_LINES:
        found = _excerpt(item, match, len(found.text) * 7 // 8)
    return replace(story, sentence=same_length(found.text), marks=at_words(found.text, found.marks))


def _ever_leaner(
    story: DigestStory, selected: SelectedStory, reader: Reader
) -> Iterator[DigestStory]:
    """The story, then with fewer lines each: what gives way first is named first."""
    yield story
    also_in, also_links = _also_in(selected.lead, selected.also_in, reader, most=1)
    story = replace(story, also_in=also_in, also_links=also_links)
    yield story
    story = replace(story, source=clipped(story.source, NAME_LENGTH_SHORT))
    yield story
    yield replace(story, title=story_title(selected.lead, SHORT_TITLE_LINES))


def _excerpt(item: Item, match: Match | None, length: int) -> Excerpt:
    text = item.text or item.summary
    evidence: tuple[Evidence, ...] = match.evidence if match else ()
    return excerpt(item.title, text, evidence, length)


def _date(item: Item, reader: Reader) -> str:
    if item.published is not None:
        return reader.words.short_date(item.published.day, reader.today)
    seen = item.first_seen.astimezone(reader.zone).date()
    return reader.words.say("seen {date}", date=reader.words.short_date(seen, reader.today))


def _gloss(
    match: Match | None, reader: Reader, translation: tuple[tuple[str, str], ...] = ()
) -> str:
    """Display names of the matched concepts, strongest evidence first: what the story has to
    do with the topic, without pretending to translate it.

    What the heading above says already is told only where there is nothing else.
    """
    if match is None:
        return ""
    concepts = dict.fromkeys(evidence.concept for evidence in match.evidence)
    named = [one_line(reader.concept_name(one, reader.words.language)) for one in concepts]
    said = {reader.topic_name(match.topic), reader.short_topic_name(match.topic)}
    heading = {name.casefold() for name in said}
    telling = [name for name in dict.fromkeys(named) if name]
    new = [name for name in telling if name.casefold() not in heading]
    beside = sum(len(" · " + label) for label, _ in translation)
    return _within_a_line(new[:_CONCEPTS] or telling[:1], GLOSS_LENGTH - beside)


def _within_a_line(names: list[str], room: int) -> str:
    """As many of ``names`` as ``room`` characters hold, the first at least in part."""
    line = ""
    for name in names:
        longer = f"{line} · {name}" if line else clipped(name, room)
        line = longer if len(longer) <= room else line
    return line


def _other_topics(selected: SelectedStory, reader: Reader) -> str:
    named = (reader.short_topic_name(topic) for topic in selected.other_topics)
    names = [name for name in named if name]
    if not names:
        return ""
    shown, more = names[:NAMED_TOPICS], len(names) - NAMED_TOPICS
    if more > 0:
        shown.append(reader.words.count("{count} more", "{count} more", more))
    return reader.words.say("also: {topics}", topics=reader.words.listed(shown))


def _also_in(
    lead: Item, others: tuple[Item, ...], reader: Reader, most: int = NAMED_TELLINGS
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """ "also in: X (en), Y (pl) and 2 more", and the links of the tellings it names.

    One source's two tellings in a language count once.
    """
    tellings: dict[tuple[str, str], str] = {}
    for item in others:
        if item.id != lead.id:
            tellings.setdefault((reader.source_name(item), item.language), item_link(item))
    if not tellings:
        return "", ()
    labels = [_telling(*key) for key in tellings]
    whole = _also_line(labels, 0, reader.words)
    if len(labels) == most + 1 and len(whole) <= META_COLUMNS:
        most += 1  # a single one more is named where the line has room
    line = _also_line(labels[:most], len(labels[most:]), reader.words)
    named = zip(labels[:most], tellings.values(), strict=False)
    return line, tuple((label, url) for label, url in named if url)


def _telling(name: str, language: str) -> str:
    shown = clipped(name, TELLING_LENGTH)
    return f"{shown} ({language})" if language else shown


def _also_line(names: list[str], more: int, words: Words) -> str:
    listed = ", ".join(names)
    if not more:
        return words.say("also in: {names}", names=listed)
    phrase = "also in: {names} and {count} more"
    return words.count(phrase, phrase, more, names=listed)


def _translation(item: Item, reader: Reader) -> tuple[tuple[str, str], ...]:
    if "{url}" not in reader.translate:
        return ()
    address = reader.translate.replace("{url}", quote(item.url, safe=""))
    target = web_address(address.replace("{language}", reader.words.language))
    return ((reader.words.say("translate"), target),) if target else ()
