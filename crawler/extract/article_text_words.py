"""Lines that templates print around articles, in our languages."""

from __future__ import annotations

import re

# A heading that opens what follows an article.
END_OF_ARTICLE = re.compile(
    r"^(?:related (?:articles?|posts?|news|stories|content)|more (?:news|articles|stories)|"
    r"you (?:may|might) also (?:like|be interested.*)|read (?:also|more|next)|see also|"
    r"share (?:this|on).{0,40}|leave a (?:comment|reply)|comments?|recent posts|latest news|"
    r"weitere (?:artikel|meldungen|nachrichten|news|beiträge|pressemitteilungen|themen).{0,20}|"
    r"ähnliche (?:artikel|beiträge|meldungen)|mehr zum thema|das könnte (?:sie|"
    r"dich) auch .{0,30}|"
    r"lesen sie auch|auch interessant|verwandte (?:artikel|beiträge|themen)|kommentare?|"
    r"(?:artikel|beitrag|seite)? ?teilen(?: auf| mit)?.{0,30}|"
    r"læs også|relaterede? (?:nyheder|artikler)|andre nyheder|del (?:artiklen|på).{0,20}|"
    r"relaterade? (?:nyheter|artiklar)|läs (?:också|mer|även)|les også|flere nyheter|"
    r"à lire aussi|lire aussi|articles? (?:similaires|liés|associés)|sur le même sujet|"
    r"partager.{0,20}|"
    r"lees ook|gerelateerde? (?:berichten|artikelen|nieuws)|meer nieuws|delen?|"
    r"zobacz (?:też|także|również)|podobne (?:artykuły|wpisy)|czytaj (?:też|także|również)|"
    r"související (?:články|aktuality)|mohlo by vás zajímat|čtěte také|"
    r"articoli correlati|leggi anche|potrebbe interessarti.{0,20}|condividi.{0,20}|"
    r"artículos relacionados|noticias relacionadas|te puede interesar|compartir.{0,20}|"
    r"artigos relacionados|notícias relacionadas|leia também|partilhar.{0,20}|"
    r"lue myös|aiheeseen liittyv.{0,20}|jaa .{0,20}|관련 ?(?:기사|뉴스|글)|関連記事|"
    r"相关(?:文章|新闻|阅读))"
    r"\s*[:…>»]*$",
    re.IGNORECASE,
)
# A heading that opens readers' comments, with their number or without: the article ends there.
COMMENTS = re.compile(
    r"^(?:\(?\d{1,5}\)?\s{0,2}[»:–-]?\s{0,2})?(?:(?:reader )?comments?|kommentare?|leserkommentare|"
    r"leserbriefe|meinungen|kommentarer|commentaires?|vos réactions|réactions|reacties|komentarze|"
    r"komentarzy|komentáře|diskuse|commenti|comentarios|comentários|kommentit|responses?|replies|"
    r"thoughts on .{3,120}|responses to .{3,120}|antworten|댓글|コメント|评论)"
    r"\s{0,2}(?:[(\[:]?\s{0,2}\d{1,5}\s{0,2}[)\]]?)?\s{0,2}[:»]?(?:\s¿.{3,60})?$",
    re.IGNORECASE,
)
# Of these the ones that are as often the heading of a section of the text.
MAY_BE_SECTION = re.compile(
    r"^(?:responses?|replies|meinungen|réactions|antworten|diskuse):?$", re.IGNORECASE
)
_POINTER_LINE = (
    r"^(?:related|read more|read also|also read|see also|read next|don['’]t miss|recommended|"
    r"lesen sie (?:auch|dazu)|mehr zum thema|siehe auch|mehr dazu|lire aussi|à lire(?: aussi)?|"
    r"læs også|läs också|les også|lees ook|czytaj (?:też|także|również)|zobacz też|čtěte také|"
    r"leggi anche|lee también|leia também|lue myös)\s?[:|–-]\s?.{3,140}$|"
    r"^(?:follow|(?:like|find|join) us) .{0,60}"
    r"(?:twitter|facebook|instagram|linkedin|@\w+).{0,30}$|"
    r"^click here .{0,100}$|^read more (?:about|on|from) .{3,120}$|"
)
_COPYRIGHT_LINE = (
    r"^(?:©|copyright\b|\(c\)\s).{0,120}$|"
    r"^.{0,80}(?:all rights reserved|alle rechte vorbehalten|tous droits réservés)\W*$|"
)
# Whole short lines that are never part of an article.
FURNITURE_LINE = re.compile(
    _POINTER_LINE
    + _COPYRIGHT_LINE
    + r"^(?:(?:share|tweet|print|send til en ven|send to a friend|weiterempfehlen|versenden|"
    r"e-?mail|pdf|facebook|twitter|x|linkedin|xing|whatsapp|pinterest|"
    r"instagram|telegram|reddit|teilen|drucken|mailen|merken|udskriv|del|dela|dele|jaa|partager|"
    r"imprimer|delen|afdrukken|drukuj|udostępnij|sdílet|tisk|condividi|stampa|compartir|imprimir|"
    r"partilhar|공유|인쇄|シェア|分享|打印)[\s|,·/:>-]*){1,8}$|"
    r"^(?:zurück(?: zur (?:übersicht|liste|startseite))?|back(?: to (?:news|overview|list|top))?|"
    r"tilbage(?: til .{1,30})?|tillbaka(?: till .{1,30})?|retour(?: .{1,30})?|"
    r"terug(?: naar .{1,30})?|"
    r"powrót.{0,30}|zpět.{0,30}|torna.{0,30}|volver.{0,30}|voltar.{0,30}|takaisin.{0,30}|"
    r"목록|一覧へ|返回)"
    r"[\s<>«»←→]*$|"
    r"^(?:\d{1,3}\s?(?:min(?:uten?|utes?|\.)?(?: read| lesezeit|\. lesezeit)?|views?|"
    r"comments?|shares?|"
    r"kommentare?))$|"
    r"^(?:read time|reading time|lesezeit|læsetid|temps de lecture).{0,20}$|"
    r"^(?:advertisement|anzeige|werbung|annonce|annons|reklame|publicité|publicidad|pubblicità)$|"
    r"^(?:advertisement\W{1,3})?(?:(?:the |this )?(?:story|article) continue[sd] (?:below|after)|"
    r"continue reading below)(?: (?:the )?advertisement)?\W{0,3}$|"
    r"^(?:(?:der )?(?:artikel|beitrag) (?:wird|geht) (?:nach|unter) der (?:anzeige|werbung) "
    r"(?:fortgesetzt|weiter)|weiter nach der (?:anzeige|werbung)|"
    r"(?:la suite|suite de l['’]article) après (?:la|cette) publicité|"
    r"(?:artiklen|artikeln|artikkelen) (?:fortsætter|fortsätter|fortsetter) (?:efter|under|etter) "
    r"annon[cs]en|(?:de )?(?:tekst|artikel) (?:loopt|gaat) (?:door|verder) onder de advertentie|"
    r"(?:la noticia )?continúa después de la publicidad|"
    r"continua depois da publicidade|l['’]articolo continua dopo la pubblicità)\W{0,3}$|"
    r"^(?:(?:tags?|kategorien?|categor(?:y|ies)|schlagworte?|themen|topics?|filed under|"
    r"posted in|"
    r"emneord|nøgleord|kategorier|mots[- ]clés|étiquettes|trefwoorden|tagi|štítky|"
    r"etiquetas)\s?:.{0,140})$|"
    r"^(?:subscribe to .{0,60}newsletter.{0,20}|newsletter (?:abonnieren|subscribe).{0,20}|"
    r"sign up (?:for|to) .{0,60}|follow us(?: on.{0,40})?|folgen sie uns.{0,40})$|"
    r"^(?:(?:jetzt )?weiterlesen|mehr (?:lesen|erfahren)|read more|learn more|"
    r"continue reading.{0,60}|"
    r"læs mere|läs mer|les mer|lire la suite|lees (?:meer|verder)|czytaj (?:więcej|dalej)|"
    r"číst (?:více|dál)|leggi (?:tutto|di più)|leer más|ler mais|lue lisää|더 ?보기|"
    r"続きを読む|阅读更多)"
    r"[\s.…>»→]*$",
    re.IGNORECASE,
)
# "By Ann Example", "Von Jana Muster und Ole Beispiel".
BYLINE = re.compile(
    r"^(?:[Bb]y|BY|[Vv]on|[Pp]ar|[Pp]or|[Dd]oor|[Dd]i|[Aa]f|[Aa]v|Text:|Autor(?:in)?:|Author:|"
    r"(?:[Ww]ritten|[Pp]osted|[Rr]eported) by)\s+"
    r"[^\W\d_a-z][\w.'’-]{1,20}(?:,?\s(?:(?:and|und|et|y|e|en|og|och|von|van|de)\s)?"
    r"[^\W\d_a-z][\w.'’-]{0,20}){1,7}\W?$"
)
# "www.verbund.example/projekt", as press releases end.
BARE_ADDRESS = re.compile(r"^(?:https?://|www\.)\S{4,200}$")
# Picture captions and credits.
CAPTION = re.compile(
    r"^[(\[]?(?:©|\(c\)|fotos?(?:grafie|credit|quelle)?\s?[:©/]|"
    r"photos?(?: (?:credit|by|courtesy)\b.{0,5}|\s?[:©/])|"
    r"bild(?:er|quelle|nachweis|rechte|unterschrift)?\s?[:©/]|"
    r"image(?: (?:credit|source)s?)?\s?[:©/]|picture\s?[:©]|credits?\s?:|"
    r"crédits?(?: photos?)?\s?:|grafik\s?[:©]|abb(?:ildung)?\.?\s?\d{0,3}\s?:|"
    r"zdjęcie\s?:|fot\.|foto\s|kuva\s?:|사진\s?[:=]|写真\s?[:：]|图\s?[:：]|题图(?:来自|[:：]))",
    re.IGNORECASE,
)
# "The new hall in Neustadt — Foto: Ann Example": a short line that ends with its credit, a name of
# at most five words, or an agency's with a stroke in it. "X-ray image: taken in three seconds" is
# text.
_NAME = (
    r"(?-i:[^\W\d_a-zß-öø-ÿ])[\w.'’&-]{0,30}"
    r"(?:,?\s(?:(?:and|of|the|und|von|der|et|de|van|og|och|y|e|i)\s){0,2}"
    r"(?-i:[^\W\d_a-zß-öø-ÿ])[\w.'’&-]{0,30}){0,4}"
)
CREDITED = re.compile(
    r".{3,140}(?:[—–|(]\s?|\s[-/]\s|[.!?\"”»]\s)"
    r"(?:fotos?|photos?|bild|image|picture|crédits?(?: photos?)?)\s?:\s?"
    rf"(?:{_NAME}|[^.!?/]{{2,30}}/[^.!?]{{2,30}})\.?\)?$",
    re.IGNORECASE,
)
