"""The words that stand beside dates on article pages, in our languages."""

from __future__ import annotations

import re

# Right before a date: it was published then.
PUBLISHED_LABEL = re.compile(
    r"(?:veröffentlicht|publiziert|erschienen|eingestellt|eingetragen|online gestellt|"
    r"erstellt|verfasst|pressemitteilung vom|"
    r"meldung vom|nachricht vom|beitrag vom|artikel vom|news vom|datum|stand|"
    r"published(?: online)?|posted|created|release date|press release|date|issued|"
    r"publié|mis en ligne|paru|posté|publicado|publicada|fecha|data|postado|"
    r"pubblicato|pubblicata|gepubliceerd|geplaatst|udgivet|offentliggjort|publiceret|"
    r"oprettet|dato|"
    r"pressemeddelelse|publicerad|publicerat|skapad|publisert|lagt ut|julkaistu|päiväys|pvm|"
    r"opublikowano|opublikowany|dodano|utworzono|data publikacji|publikováno|zveřejněno|vydáno|"
    r"게시일|등록일|작성일|입력|배포일|보도일|公開日|掲載日|投稿日|発表日|发布时间|"
    r"发布日期|发表于|发布于|发表时间|時間|日期|승인|기사입력|등록|"
    r"submitted|uploaded|added|written|eingestellt|gepostet|hochgeladen|"
    r"inserit[oa]|postato|creado|subido|inscrit|rédigé|geschreven|toegevoegd|inlagd|"
    r"publikacja|utworzenia|umieszczono|wstawiono|wysłano|vloženo|přidáno|publikované|"
    r"опубликован[оаы]?|дата публикации|публикация|добавлен[оа]?|размещен[оа]?|размещено|"
    r"создан[оа]?|опубліковано|публікація|додано|публикуван[оа]?|"
    r"yayın(?:lan)?ma(?: tarihi| zamanı)?|yayın tarihi|giriş(?: tarihi)?|"
    r"eklen(?:me|di)(?: tarihi)?|"
    r"oluşturul?ma(?: tarihi)?|yayımlan(?:ma|dı)(?: tarihi)?|tarih|"
    r"diterbitkan|dipublikasikan|publikasi|tayang|közzétéve|megjelen(?:t|és)|létrehozva|beküldve|feltöltve|"
    r"publicat[ăa]?|postat|adăugat|data publicării|δημοσιεύ(?:θηκε|τηκε)|δημοσίευση|"
    r"ημερομηνία|αναρτήθηκε|objavljeno|datum objave|avaldatud|publicēts|paskelbta|"
    r"تاريخ النشر|نشر(?:ت)?(?: في)?|פורסם)"
    r"\s{0,2}(?:am|on|op|le|la|pe|în|in|den|d\.|el|em|il|dne|dnia|v|w|в|dňa|af|:|：|\(|-|–|\||/|,|der|"
    r"at|om|i|the)*[\s:：]{0,3}"
    r"(?:[^\W\d_]{2,12}\.?,?\s)?$",
    re.IGNORECASE,
)
MODIFIED_LABEL = re.compile(
    r"(?:aktualisiert|geändert|letzte änderung|zuletzt bearbeitet|überarbeitet|letztes update|"
    r"updated?|modified|revised|(?:last )?edited|mis(?:e)? à jour|modifié|actualizado|actualizada|"
    r"modificado|aggiornat[oa]|modificat[oa]|bijgewerkt|gewijzigd|laatste update|opdateret|"
    r"ændret|"
    r"uppdaterad|ändrad|oppdatert|endret|sist oppdatert|päivitetty|muokattu|zaktualizowano|"
    r"aktualizacja|zmodyfikowano|aktualizováno|upraveno|atualizado|atualizada|수정일?|"
    r"最終更新日?|更新日?|"
    r"zuletzt|a été faite|por última vez|per l['’]ultima volta|(?:laatst|sist|senast) "
    r"(?:bewerkt|redigeret|endret|redigerad)|ostatnio \w{4,16}|naposledy \w{4,16}|последний раз|"
    r"修改|更新时间|更新時間|更新于|최종수정|"
    r"zuletzt (?:geändert|verändert)|letzte bearbeitung|ultima modifica|última modificación|"
    r"dernière modification|ultimo aggiornamento|última actualización|senast ändrad|"
    r"обновлен[оа]?|изменен[оа]?|изменено|последнее (?:обновление|изменение)|оновлен[оа]?|"
    r"güncellen?me(?: tarihi)?|güncellendi|diperbarui|diupdate|frissít(?:ve|és)|módosít(?:va|ás)|"
    r"actualizat[ăa]?|ενημερώθηκε|ενημέρωση|تحديث|aktualizované|posodobljeno)"
    r"\s{0,2}(?:am|on|op|le|den|el|em|il|dne|dnia|:|：|\(|-|–|at|om|i|the|er|vom)*[\s:：]{0,3}"
    r"(?:[^\W\d_]{2,12}\.?,?\s)?$",
    re.IGNORECASE,
)
# Right behind a date: the page was changed later, so that day is the first.
UPDATED_AFTER = re.compile(
    r"^[\s,;|·•/–—-]{0,4}[(\[]?(?:(?:zuletzt |last |letztes |senast |sist |laatst )?"
    r"(?:aktualisiert|geändert|bearbeitet|update[dt]?|modified|revised|edited|opdateret|ændret|"
    r"uppdaterad|ändrad|oppdatert|endret|bijgewerkt|gewijzigd|päivitetty|muokattu)|"
    r"(?:dernière )?(?:mis(?:e)? à jour|modifi(?:é|cation))|(?:actualizad|modificad|atualizad)[oa]|"
    r"modifica|aggiornat[oa]|aktualizacja|zaktualizowano|aktualizováno|upraveno|수정|업데이트|更新)"
    r"(?!\w)",
    re.IGNORECASE,
)
# Right before a date: somebody answered or became a member then, or a counter began.
OTHERS_LABEL = re.compile(
    r"\b(?:answered|replied|commented|responded|antwortete|kommentierte|a répondu|a commenté|"
    r"respondió|comentó|rispose|ha risposto|reageerde|svarade|svarede|odpowiedział[a]?|"
    r"(?:anmeldungs|anmelde|registrierungs|beitritts|geburts)datum|registriert|"
    r"(?:launch|opening|start|end|closing|birth|join|expiry|due|arrival|air) date|"
    r"joined|registered|inscription|inscrit|registrado|registrato|iscritto|lid|"
    r"(?:mitglied|dabei|member|membre|miembro|membro|socio|socia|medlem|besuche?r?|zugriffe|aufrufe|"
    r"visit(?:or)?s?|hits|views|visites|visitas|visite|bezoekers|\d)[ :.)]{0,3}"
    r"(?:since|seit|depuis|desde|dal|sinds|sedan|siden))"
    r"\s{0,2}(?:am|on|at|le|el|il|op|den|seit|dem|sinds|:|,)*[\s:]{0,3}$",
    re.IGNORECASE,
)
# "This entry was posted on …", "Dieser Beitrag wurde am … veröffentlicht".
ENTRY_SENTENCE = re.compile(
    r"(?:entry|post|article|story|item|page|beitrag|artikel|eintrag|meldung|text|billet|article|note|"
    r"entrada|artículo|noticia|articolo|post|bericht|inlägg|indlæg|wpis|článek|příspěvek|запись)\s"
    r"(?:was|wurde|has been|a été|est|fue|ha sido|è stato|è stata|werd|is|skrevs|blev|został|byl)\b"
    r"[^.!?]{0,60}$",
    re.IGNORECASE,
)
# Near a date: something takes place, begins or ends then.
EVENT_LABEL = re.compile(
    r"\b(?:termine?|wann|beginn(?:t|en)?|beginning|startet|eröffnet|gegründet|founded|"
    r"established|received|accepted|eingereicht|angenommen|next|nächste[rns]?|prochaine?|próxim[oa]|prossim[oa]|volgende|następn[yae]|"
    r"fondée?|fundad[oa]|fondat[oa]|opgericht|założon[oay]|основан[оа]?|veranstaltung(?:sdatum|stermin)?|findet|finden|statt|stattfinden|"
    r"anmeld(?:ung|eschluss)|bewerbungsschluss|einsendeschluss|frist|deadline|bis(?: zum)?|"
    r"ab dem|"
    r"ab|gültig|when|event|takes? place|held|starts?|begins?|ends?|until|due|register|"
    r"registration|"
    r"save the date|quand|aura lieu|jusqu['’]au|inscription|à partir du|cuándo|"
    r"fecha límite|hasta|"
    r"quando|scadenza|entro|fino al|wanneer|vindt plaats|tot|aanmelden|hvornår|tilmelding|"
    r"finder sted|när|anmälan|äger rum|når|påmelding|milloin|ilmoittautu\w*|kiedy|termin|"
    r"odbędzie|"
    r"do dnia|kdy|koná se|uzávěrka|geboren|born|né le)\b|"
    r"일시|기간|마감|개최|日時|会期|締切|(?:活动|会议|举行|举办|报名|比赛|演出|考试)时间：|举办",
    re.IGNORECASE,
)
# A heading above a list of what will take place, as sidebars have it.
EVENT_HEADING = re.compile(
    r"^(?:(?:unsere|die|nächste|weitere|aktuelle|kommende|our|next|more|prochains|nos|andere)\s)?"
    r"(?:termine?|terminkalender|veranstaltung(?:en|skalender|stermine)|gottesdienste|"
    r"upcoming(?: events?)?|"
    r"events?|event calendar|calendar(?: of events)?|diary|kalender|agenda|rendez-vous|"
    r"événements|évènements|manifestations|próximos eventos|eventos|agenda de actos|"
    r"(?:prossimi )?(?:eventi|appuntamenti)|(?:kommende )?arrangementer|kalendarium|"
    r"(?:kommande )?evenemang|evenementen|wydarzenia|kalendarz|akce|tapahtumat)\W{0,3}$",
    re.IGNORECASE,
)
# A template's clock says so itself.
TODAY_LABEL = re.compile(
    r"\b(?:today(?: is)?|heute(?: ist)?|i dag|idag|aujourd['’]hui|nous sommes le|vandaag|oggi|"
    r"hoy(?: es)?|hoje|dziś|dzisiaj|dnes(?: je)?|tänään)\b\W{0,3}(?:[^\W\d_]{2,12}\W{0,3}){0,2}$|"
    r"(?:오늘|今日|今天)\W{0,3}$",
    re.IGNORECASE,
)
WEEKDAY = re.compile(
    r"\b(?:mo|di|mi|do|fr|sa|so|mon|tue|wed|thu|fri|sat|sun)[a-zäöüéíá]{0,9}\b\.?", re.IGNORECASE
)

# Words of class and id that template authors give to dates.
DATE_MARKS = frozenset(
    {"date", "datum", "dato", "datetime", "time", "published", "publish", "posted", "pubdate"}
    | {"posted-on", "entry-date", "post-date", "article-date", "news-date", "news-list-date"}
    | {"created", "createdate", "meta", "entry-meta", "post-meta", "byline", "fecha", "data"}
    | {"publication", "timestamp", "stand", "info", "articledate", "postdate", "newsdate"}
    | {"articleinfo", "article-info", "postinfo", "postmeta", "metainfo"}
)
PUBLISHED_MARKS = frozenset(
    {"published", "pubdate", "entry-date", "post-date", "article-date", "posted-on", "publish"}
    | {"news-date", "datepublished", "post__date", "article__date", "publishdate", "created"}
)
UPDATED_MARKS = frozenset({"updated", "modified", "datemodified", "lastmodified", "changed"})
HEADER_MARKS = frozenset(
    {"header", "site-header", "page-header", "topbar", "masthead", "top-bar", "metabar", "clock"}
    | {"today", "currentdate", "current-date", "heute", "weather"}
)
