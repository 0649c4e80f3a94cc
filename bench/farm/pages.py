"""One site's list, articles and feed in its look: the same for the same site and article."""

from __future__ import annotations

import random
from dataclasses import dataclass
from email.utils import format_datetime
from functools import cached_property
from html import escape

from bench.farm.families import Look, looks
from bench.farm.prose import Told, told

_NAV = {
    "de": ("Über uns", "Mitglieder", "Leistungen", "Termine", "Presse", "Kontakt", "Impressum"),
    "en": ("About us", "Members", "Services", "Events", "Press", "Contact", "Imprint"),
    "da": ("Om os", "Medlemmer", "Ydelser", "Kalender", "Presse", "Kontakt", "Cookies"),
    "fr": ("Présentation", "Adhérents", "Services", "Agenda", "Presse", "Contact", "Mentions"),
}
_BOXES = {
    "de": ("Newsletter abonnieren", "Partner werden", "Folgen Sie uns", "Nächste Termine"),
    "en": ("Subscribe to our newsletter", "Become a partner", "Follow us", "Coming events"),
    "da": ("Tilmeld nyhedsbrev", "Bliv partner", "Følg os", "Kommende arrangementer"),
    "fr": ("S'abonner à la lettre", "Devenir partenaire", "Suivez-nous", "Prochaines dates"),
}
_RELATED = {
    "de": "Das könnte Sie auch interessieren",
    "en": "Related",
    "da": "Læs også",
    "fr": "À lire aussi",
}
_SHARE = '<div class="share"><a href="#">LinkedIn</a> <a href="#">E-Mail</a></div>'


@dataclass(frozen=True)
class Site:
    """One invented site; ``origin`` is scheme, address and port."""

    number: int
    origin: str
    shown: int = 20  # entries of its list and feed

    @cached_property
    def look(self) -> Look:
        every = looks()
        return every[self.number % len(every)]

    @cached_property
    def language(self) -> str:
        return ("de", "en", "da", "fr")[self.number // 2 % 4]

    @cached_property
    def name(self) -> str:
        return f"Cluster {self.number:05d}"

    def told(self, number: int) -> Told:
        """The site's article by its number; higher is newer, 0 the newest at the start."""
        return told(self.number, number, self.language)

    def articles(self, revision: int = 0) -> list[Told]:
        """What list and feed show, newest first, after ``revision`` further articles appeared."""
        return [self.told(revision - place) for place in range(self.shown)]

    def path(self, article: Told) -> str:
        day = article.published
        return self.look.path.format(
            slug=article.slug, number=article.number + 100_000, year=day.year, month=day.month
        )

    # -- HTML -------------------------------------------------------------------------------------

    def listing(self, revision: int = 0) -> str:
        """The page that lists the news."""
        cards = "".join(
            self.look.card.format(**self._words(one)) for one in self.articles(revision)
        )
        chance = random.Random(self.number)
        return self._page("News", "", self.look.listing.format(cards=cards), chance)

    def article(self, article: Told) -> str:
        """One article's own page."""
        chance = random.Random(self.number * 7919 + article.number)
        words = self._words(article)
        inner = self.look.article.format(
            title=words["title"],
            meta=self.look.meta.format(**words),
            text=self._text(article, chance),
            after=self._after(chance),
        )
        return self._page(article.title, self.look.head.format(**words), inner, chance)

    def _words(self, article: Told) -> dict[str, str]:
        return {
            "title": escape(article.title),
            "url": escape(self.path(article)),
            "teaser": escape(article.teaser),
            "date": article.published.strftime(self.look.date_format),
            "day": f"{article.published:%Y-%m-%d}",
            "iso": article.published.isoformat(),
            "author": escape(article.author),
        }

    def _text(self, article: Told, chance: random.Random) -> str:
        pieces: list[str] = []
        if chance.random() < 0.5:
            pieces.append(f'<figure><img src="/files/{article.number}.jpg" alt=""></figure>')
        open_list = False
        for tag, text in article.blocks:
            if open_list != (tag == "li"):
                pieces.append("<ul>" if tag == "li" else "</ul>")
                open_list = tag == "li"
            inner = escape(text)
            pieces.append(
                self.look.paragraph.format(text=inner) if tag == "p" else f"<{tag}>{inner}</{tag}>"
            )
        return "\n".join([*pieces, "</ul>" if open_list else ""])

    def _after(self, chance: random.Random) -> str:
        pieces = [_SHARE] if chance.random() < 0.7 else []
        if chance.random() < 0.6:
            others = (self.told(-30 - chance.randrange(50)) for _ in range(chance.randrange(2, 5)))
            links = "".join(
                f'<li><a href="{escape(self.path(one))}">{escape(one.title)}</a></li>'
                for one in others
            )
            heading = _RELATED[self.language]
            pieces.append(f'<div class="related"><h3>{heading}</h3><ul>{links}</ul></div>')
        return "".join(pieces)

    def _page(self, title: str, head: str, inner: str, chance: random.Random) -> str:
        look, language = self.look, self.language
        links = "".join(
            f'<li><a href="/{escape(one.split()[0].lower())}">{one}</a></li>'
            for one in _NAV[language]
        )
        boxes = "".join(
            f'<div class="widget"><h3>{one}</h3><p><a href="/{number}">{one}</a></p></div>'
            for number, one in enumerate(_BOXES[language])
            if chance.random() < 0.8
        )
        generator = f'<meta name="generator" content="{look.generator}">' if look.generator else ""
        feed = '<link rel="alternate" type="application/rss+xml" title="News" href="/feed/">'
        middle = [look.nav.format(links=links), inner, look.side.format(boxes=boxes)]
        if look.side_first:
            middle[1:] = reversed(middle[1:])
        return (
            f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
            f"<title>{escape(title)} – {self.name}</title>{generator}{head}{feed}</head><body>"
            + "\n".join(middle)
            + f"<footer><p>© 2026 {self.name}</p><ul>{links}</ul></footer></body></html>"
        )

    # -- feed -------------------------------------------------------------------------------------

    def feed(self, revision: int = 0) -> str:
        """RSS 2.0 as WordPress writes it, or Atom for every fourth site."""
        entries = [self._entry(one) for one in self.articles(revision)]
        newest = self.told(revision).published
        if self.is_atom:
            return (
                '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
                f'xml:lang="{self.language}"><title>{self.name}</title><id>{self.origin}/</id>'
                f'<link href="{self.origin}/"/><link rel="self" href="{self.origin}/feed/"/>'
                f"<updated>{newest.isoformat()}</updated>{''.join(entries)}</feed>"
            )
        return (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"\n'
            '\txmlns:content="http://purl.org/rss/1.0/modules/content/"\n'
            '\txmlns:dc="http://purl.org/dc/elements/1.1/"\n'
            '\txmlns:atom="http://www.w3.org/2005/Atom"\n'
            '\txmlns:sy="http://purl.org/rss/1.0/modules/syndication/">\n'
            f"<channel><title>{self.name}</title>"
            f'<atom:link href="{self.origin}/feed/" rel="self" type="application/rss+xml" />'
            f"<link>{self.origin}</link><description>News</description>"
            f"<lastBuildDate>{format_datetime(newest)}</lastBuildDate>"
            f"<language>{self.language}</language><sy:updatePeriod>hourly</sy:updatePeriod>"
            f"<sy:updateFrequency>1</sy:updateFrequency>{''.join(entries)}</channel></rss>"
        )

    @property
    def is_atom(self) -> bool:
        return self.number % 4 == 3

    def _entry(self, article: Told) -> str:
        url = self.origin + self.path(article)
        title, author = escape(article.title), escape(article.author)
        if self.is_atom:
            return (
                f'<entry><title>{title}</title><link href="{escape(url)}"/><id>{escape(url)}</id>'
                f"<updated>{article.published.isoformat()}</updated>"
                f"<published>{article.published.isoformat()}</published>"
                f'<author><name>{author}</name></author><summary type="html">'
                f"{escape(f'<p>{escape(article.teaser)}</p>')}</summary></entry>\n"
            )
        return (
            f"<item><title>{title}</title><link>{escape(url)}</link><dc:creator><![CDATA[{author}]]>"
            f"</dc:creator><pubDate>{format_datetime(article.published)}</pubDate>"
            f"<category><![CDATA[News]]></category>"
            f'<guid isPermaLink="false">{self.origin}/?p={article.number + 100_000}</guid>'
            f"<description><![CDATA[<p>{escape(article.teaser)} [&#8230;]</p>]]></description>"
            "</item>\n"
        )


def _link(address: str, words: str) -> str:
    return f'<li><a href="{escape(address)}">{escape(words)}</a></li>'
