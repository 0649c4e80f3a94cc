"""The farm's page templates: eleven systems in four looks each, as such systems write pages.

A ``Look`` is data: the markup around a list, a card, an article and its parts. What differs from
page to page within one look (related links, pictures, boxes) is drawn in ``pages``.
"""

# ruff: noqa: E501  (markup is read best as it is written)

from __future__ import annotations

from dataclasses import dataclass, replace

LOOKS = 4  # of each family


@dataclass(frozen=True, slots=True)
class Look:
    """One template; fields are formatted with title, url, date, iso, teaser, text, author …"""

    family: str
    number: int  # of the look within its family
    generator: str  # what its <meta name="generator"> says, "" for none
    head: str  # of an article page
    listing: str  # {cards}
    card: str
    article: str  # {title} {meta} {text} {after}
    meta: str  # date and author
    path: str  # of an article, with {slug} {number} {year} {month}
    date_format: str  # strftime
    nav: str = '<nav class="main"><ul>{links}</ul></nav>'
    side: str = '<aside class="sidebar">{boxes}</aside>'
    side_first: bool = False
    paragraph: str = "<p>{text}</p>"

    @property
    def name(self) -> str:
        return f"{self.family}-{self.number}"


_OG = '<meta property="og:title" content="{title}"><meta property="article:published_time" content="{iso}">'
_LD = (
    '<script type="application/ld+json">{{"@context":"https://schema.org","@type":"NewsArticle",'
    '"headline":"{title}","datePublished":"{iso}"}}</script>'
)

_BASES = (
    Look(
        "wordpress", 0, "WordPress 6.8", _OG + '<link rel="https://api.w.org/" href="/wp-json/">',
        '<div id="primary" class="content-area"><main class="site-main">{cards}</main></div>',
        '<article class="post hentry"><header><h2 class="entry-title"><a href="{url}" rel="bookmark">'
        '{title}</a></h2><time class="entry-date published" datetime="{iso}">{date}</time></header>'
        '<div class="entry-summary"><p>{teaser}</p></div></article>',
        '<article class="post hentry type-post"><header class="entry-header"><h1 class="entry-title">'
        '{title}</h1>{meta}</header><div class="entry-content">{text}</div>{after}</article>',
        '<div class="entry-meta"><time class="entry-date published" datetime="{iso}">{date}</time> '
        '<span class="author vcard">{author}</span></div>',
        "/{year}/{month:02}/{slug}/", "%d.%m.%Y",
    ),
    Look(
        "wp-blocks", 0, "WordPress 6.9", _LD,
        '<ul class="wp-block-post-template">{cards}</ul>',
        '<li class="wp-block-post"><h2 class="wp-block-post-title"><a href="{url}">{title}</a></h2>'
        '<div class="wp-block-post-date"><time datetime="{iso}">{date}</time></div>'
        '<div class="wp-block-post-excerpt"><p>{teaser}</p></div></li>',
        '<main class="wp-block-group"><h1 class="wp-block-post-title">{title}</h1>{meta}'
        '<div class="entry-content wp-block-post-content">{text}</div>{after}</main>',
        '<div class="wp-block-post-date"><time datetime="{iso}">{date}</time></div>',
        "/aktuelles/{slug}/", "%d. %m. %Y",
    ),
    Look(
        "typo3", 0, "TYPO3 CMS", "",
        '<div class="news"><div class="news-list-view">{cards}</div></div>',
        '<div class="article articletype-0" itemscope="itemscope" itemtype="http://schema.org/Article">'
        '<div class="header"><h3><a itemprop="url" href="{url}"><span itemprop="headline">{title}</span>'
        '</a></h3></div><div class="teaser-text"><div itemprop="description"><p>{teaser}</p></div></div>'
        '<div class="footer"><p><span class="news-list-date"><time itemprop="datePublished" '
        'datetime="{day}">{date}</time></span></p></div></div>',
        '<div class="news news-single"><div class="article" itemscope="itemscope" '
        'itemtype="http://schema.org/Article"><div class="header"><h1 itemprop="headline">{title}</h1>'
        '</div>{meta}<div class="news-text-wrap" itemprop="articleBody">{text}</div>{after}</div></div>',
        '<div class="footer"><p><span class="news-list-date"><time itemprop="datePublished" '
        'datetime="{day}">{date}</time></span></p></div>',
        "/news/detail/{slug}", "%d.%m.%Y", paragraph='<p class="bodytext">{text}</p>',
    ),
    Look(
        "contao", 0, "Contao Open Source CMS", "",
        '<div class="mod_newslist block">{cards}</div>',
        '<div class="layout_latest arc_1 block"><p class="info"><time datetime="{iso}">{date}</time></p>'
        '<h2><a href="{url}" title="{title}">{title}</a></h2><div class="ce_text block"><p>{teaser}</p>'
        '</div><p class="more"><a href="{url}">Weiterlesen …</a></p></div>',
        '<div class="mod_newsreader block"><div class="layout_full block"><h1>{title}</h1>{meta}'
        '<div class="ce_text block">{text}</div>{after}</div>'
        '<p class="back"><a href="/news">Zurück</a></p></div>',
        '<p class="info"><time datetime="{iso}">{date}</time> von {author}</p>',
        "/nachricht/{slug}.html", "%d.%m.%Y %H:%M",
    ),
    Look(
        "drupal", 0, "Drupal 10 (https://www.drupal.org)", _OG,
        '<div class="view view-news"><div class="view-content">{cards}</div></div>',
        '<div class="views-row"><div class="views-field views-field-created"><span class="field-content">'
        '{date}</span></div><div class="views-field views-field-title"><h3 class="field-content">'
        '<a href="{url}" hreflang="de">{title}</a></h3></div><div class="views-field views-field-body">'
        '<div class="field-content"><p>{teaser}</p></div></div></div>',
        '<article class="node node--type-news"><h1 class="page-title"><span class="field--name-title">'
        '{title}</span></h1>{meta}<div class="field field--name-body text-formatted">{text}</div>{after}'
        "</article>",
        '<div class="node__submitted">Submitted by {author} on <time datetime="{iso}">{date}</time></div>',
        "/node/{number}", "%d %b %Y",
    ),
    Look(
        "joomla", 0, "Joomla! - Open Source Content Management", "",
        '<div class="com-content-category-blog blog"><div class="blog-items">{cards}</div></div>',
        '<div class="blog-item"><div class="item-content"><div class="page-header"><h2>'
        '<a href="{url}">{title}</a></h2></div><dl class="article-info"><dd class="published">'
        '<time datetime="{iso}">{date}</time></dd></dl><p>{teaser}</p></div></div>',
        '<div class="com-content-article item-page"><div class="page-header"><h1>{title}</h1></div>{meta}'
        '<div class="com-content-article__body">{text}</div>{after}</div>',
        '<dl class="article-info text-muted"><dt>Details</dt><dd class="createdby">{author}</dd>'
        '<dd class="published"><time datetime="{iso}">Veröffentlicht: {date}</time></dd></dl>',
        "/index.php/news/{number}-{slug}", "%d.%m.%Y",
    ),
    Look(
        "plone", 0, "Plone - https://plone.org", _OG,
        '<div id="content-core"><div class="entries">{cards}</div></div>',
        '<article class="entry"><header><span class="summary"><a href="{url}" class="contenttype-news-item '
        'url">{title}</a></span></header><p class="description discreet">{teaser}</p>'
        '<div class="documentByLine"><span class="documentPublished">{date}</span></div></article>',
        '<article id="content"><header><h1 class="documentFirstHeading">{title}</h1>{meta}</header>'
        '<div id="content-core"><section id="parent-fieldname-text">{text}</section></div>{after}</article>',
        '<div class="documentByLine"><span class="documentAuthor">by {author}</span> — '
        '<span class="documentPublished">published <time>{date}</time></span></div>',
        "/newsroom/{slug}", "%b %d, %Y %I:%M %p",
    ),
    Look(
        "ghost", 0, "Ghost 5.98", _OG + _LD,
        '<div class="post-feed">{cards}</div>',
        '<article class="post-card post"><a class="post-card-content-link" href="{url}">'
        '<h2 class="post-card-title">{title}</h2><div class="post-card-excerpt">{teaser}</div></a>'
        '<footer class="post-card-meta"><time class="post-card-meta-date" datetime="{day}">{date}</time>'
        "</footer></article>",
        '<article class="article post"><header class="article-header gh-canvas">'
        '<h1 class="article-title">{title}</h1>{meta}</header>'
        '<section class="gh-content gh-canvas">{text}</section>{after}</article>',
        '<div class="article-byline-meta"><h4 class="author-name">{author}</h4><div class="byline-meta-'
        'content"><time class="byline-meta-date" datetime="{day}">{date}</time></div></div>',
        "/{slug}/", "%d %b %Y",
    ),
    Look(
        "hugo", 0, "Hugo 0.140.2", "",
        '<section class="list">{cards}</section>',
        '<a class="card" href="{url}"><h3>{title}</h3><time>{date}</time><p>{teaser}</p></a>',
        '<main><article><h1>{title}</h1>{meta}{text}</article>{after}</main>',
        '<p class="meta"><time datetime="{iso}">{date}</time></p>',
        "/posts/{slug}/", "%B %d, %Y",
    ),
    Look(
        "liferay", 0, "", "",
        '<div class="portlet-asset-publisher"><div class="asset-entries">{cards}</div></div>',
        '<div class="asset-abstract"><h4 class="asset-title"><a href="{url}">{title}</a></h4>'
        '<div class="asset-summary">{teaser}</div><span class="metadata-publish-date">{date}</span></div>',
        '<div class="asset-full-content"><h1 class="header-title">{title}</h1>{meta}'
        '<div class="journal-content-article"><div class="text">{text}</div></div>{after}</div>',
        '<div class="asset-metadata"><span class="metadata-publish-date">{date}</span></div>',
        "/web/guest/news/-/asset_publisher/x/content/{slug}", "%d/%m/%Y",
    ),
    Look(
        "aspx", 0, "", "",
        '<table class="nyheder"><tbody>{cards}</tbody></table>',
        '<tr><td class="dato">{date}</td><td><a class="nyhed" href="{url}">{title}</a><br>'
        '<span class="manchet">{teaser}</span></td></tr>',
        '<div id="ctl00_main"><div class="NewsHeader"><h1>{title}</h1></div>{meta}'
        '<div class="NewsBody">{text}</div>{after}</div>',
        '<div class="NewsDate">{date}</div>',
        "/Nyhed.aspx?Action=1&NewsId={number}", "%d-%m-%Y",
    ),
)  # fmt: skip


def _look(base: Look, number: int) -> Look:
    """One of a family's looks: what themes of one system change, the system's names kept."""
    if number == 0:
        return base
    boxed = {
        1: f'<div class="container"><div class="row"><div class="col-md-8">{base.article}</div></div></div>',
        2: f'<div class="page-wrap"><div class="inner">{base.article}</div></div>',
        3: f'<section id="main-content" class="clearfix">{base.article}</section>',
    }[number]
    return replace(
        base,
        number=number,
        article=boxed.replace("{meta}", "").replace("{text}", "{text}{meta}")
        if number == 2
        else boxed,
        nav=(
            '<header class="top"><div class="logo"><a href="/">Start</a></div><div class="menu">'
            "<ul>{links}</ul></div></header>"
        ),
        side='<div class="col-md-4 widgets">{boxes}</div>'
        if number != 3
        else '<div id="right">{boxes}</div>',
        side_first=number == 3,
        paragraph=base.paragraph if number != 1 else '<p class="lead-text">{text}</p>',
    )


def looks() -> tuple[Look, ...]:
    """Every template, in a fixed order."""
    return tuple(_look(base, number) for number in range(LOOKS) for base in _BASES)
