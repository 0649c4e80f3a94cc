"""The words of dates in our languages: months, zones, and what relative dates are made of.

Words are compared casefolded and without a trailing full stop. Where two languages share a
spelling they mean the same month ("listopad" is November in Polish and in Czech), so one
table serves all; a test holds that.
"""

from __future__ import annotations

from crawler.extract.dates_words_neighbours import NEIGHBOUR_MONTHS

_MONTHS_BY_LANGUAGE: dict[str, tuple[str, ...]] = {
    "en": (
        "january jan",
        "february feb febr",
        "march mar",
        "april apr",
        "may",
        "june jun",
        "july jul",
        "august aug",
        "september sep sept",
        "october oct",
        "november nov",
        "december dec",
    ),
    "de": (
        "januar jänner jaenner jän jan",
        "februar feber feb",
        "märz maerz mrz mär",
        "april apr",
        "mai",
        "juni jun",
        "juli jul",
        "august aug",
        "september sep sept",
        "oktober okt",
        "november nov",
        "dezember dez",
    ),
    "da": (
        "januar jan",
        "februar feb",
        "marts mar",
        "april apr",
        "maj",
        "juni jun",
        "juli jul",
        "august aug",
        "september sep sept",
        "oktober okt",
        "november nov",
        "december dec",
    ),
    "fr": (
        "janvier janv jan",
        "février fevrier févr fevr fév fev",
        "mars mar",
        "avril avr",
        "mai",
        "juin",
        "juillet juil juill",
        "août aout aoû",
        "septembre sept sep",
        "octobre oct",
        "novembre nov",
        "décembre decembre déc dec",
    ),
    "nl": (
        "januari jan",
        "februari feb",
        "maart mrt",
        "april apr",
        "mei",
        "juni jun",
        "juli jul",
        "augustus aug",
        "september sep sept",
        "oktober okt",
        "november nov",
        "december dec",
    ),
    "sv": (
        "januari jan",
        "februari feb",
        "mars mar",
        "april apr",
        "maj",
        "juni jun",
        "juli jul",
        "augusti aug",
        "september sep sept",
        "oktober okt",
        "november nov",
        "december dec",
    ),
    "no": (
        "januar jan",
        "februar feb",
        "mars mar",
        "april apr",
        "mai",
        "juni jun",
        "juli jul",
        "august aug",
        "september sep sept",
        "oktober okt",
        "november nov",
        "desember des",
    ),
    "fi": (
        "tammikuu tammikuuta tammikuun tammi",
        "helmikuu helmikuuta helmikuun helmi",
        "maaliskuu maaliskuuta maaliskuun maalis",
        "huhtikuu huhtikuuta huhtikuun huhti",
        "toukokuu toukokuuta toukokuun touko",
        "kesäkuu kesäkuuta kesäkuun kesä",
        "heinäkuu heinäkuuta heinäkuun heinä",
        "elokuu elokuuta elokuun elo",
        "syyskuu syyskuuta syyskuun syys",
        "lokakuu lokakuuta lokakuun loka",
        "marraskuu marraskuuta marraskuun marras",
        "joulukuu joulukuuta joulukuun joulu",
    ),
    "pl": (
        "styczeń stycznia sty",
        "luty lutego lut",
        "marzec marca mar",
        "kwiecień kwietnia kwi",
        "maj maja",
        "czerwiec czerwca cze",
        "lipiec lipca lip",
        "sierpień sierpnia sie",
        "wrzesień września wrz",
        "październik października paź",
        "listopad listopada lis",
        "grudzień grudnia gru",
    ),
    "cs": (
        "leden ledna led",
        "únor února úno",
        "březen března bře",
        "duben dubna dub",
        "květen května kvě",
        "červen června čvn",
        "červenec července čvc",
        "srpen srpna srp",
        "září zář",
        "říjen října říj",
        "listopad listopadu lis",
        "prosinec prosince pro",
    ),
    "it": (
        "gennaio gen genn",
        "febbraio feb febbr",
        "marzo mar",
        "aprile apr",
        "maggio mag magg",
        "giugno giu",
        "luglio lug",
        "agosto ago",
        "settembre set sett",
        "ottobre ott",
        "novembre nov",
        "dicembre dic",
    ),
    "es": (
        "enero ene",
        "febrero feb",
        "marzo mar",
        "abril abr",
        "mayo may",
        "junio jun",
        "julio jul",
        "agosto ago",
        "septiembre setiembre sept sep",
        "octubre oct",
        "noviembre nov",
        "diciembre dic",
    ),
    "pt": (
        "janeiro jan",
        "fevereiro fev",
        "março marco mar",
        "abril abr",
        "maio mai",
        "junho jun",
        "julho jul",
        "agosto ago",
        "setembro set",
        "outubro out",
        "novembro nov",
        "dezembro dez",
    ),
}

MONTHS: dict[str, int] = {
    word: number
    for months in (*_MONTHS_BY_LANGUAGE.values(), *NEIGHBOUR_MONTHS.values())
    for number, words in enumerate(months, start=1)
    for word in words.split()
}

# Monday is 0. Where languages share an abbreviation they mean the same day; a test holds that.
_WEEKDAYS_BY_LANGUAGE: dict[str, tuple[str, ...]] = {
    "en": ("monday mon", "tuesday tue tues", "wednesday wed", "thursday thu thur thurs",
           "friday fri", "saturday sat", "sunday sun"),
    "de": ("montag mo", "dienstag di", "mittwoch mi", "donnerstag do", "freitag fr",
           "samstag sonnabend sa", "sonntag so"),
    "fr": ("lundi lun", "mardi mar", "mercredi mer", "jeudi jeu", "vendredi ven", "samedi sam",
           "dimanche dim"),
    "it": ("lunedì lun", "martedì mar", "mercoledì mer", "giovedì gio", "venerdì ven",
           "sabato sab", "domenica dom"),
    "es": ("lunes lun", "martes mar", "miércoles mié", "jueves jue", "viernes vie", "sábado sáb",
           "domingo dom"),
    "da": ("mandag man", "tirsdag tir", "onsdag ons", "torsdag tor", "fredag fre", "lørdag lør",
           "søndag søn"),
}  # fmt: skip

WEEKDAYS: dict[str, int] = {
    word: number
    for days in _WEEKDAYS_BY_LANGUAGE.values()
    for number, words in enumerate(days)
    for word in words.split()
}

# Minutes east of Greenwich (RFC 822 section 5.1, and what European and Korean pages write).
ZONES: dict[str, int] = {
    "z": 0,
    "ut": 0,
    "utc": 0,
    "gmt": 0,
    "wet": 0,
    "bst": 60,
    "west": 60,
    "cet": 60,
    "met": 60,
    "mez": 60,
    "cest": 120,
    "mest": 120,
    "mesz": 120,
    "eet": 120,
    "eest": 180,
    "msk": 180,
    "kst": 540,
    "jst": 540,
    "est": -300,
    "edt": -240,
    "et": -300,
    "cst": -360,
    "cdt": -300,
    "mt": -420,
    "mst": -420,
    "mdt": -360,
    "pt": -480,
    "pst": -480,
    "pdt": -420,
    "akst": -540,
    "akdt": -480,
    "hst": -600,
    "brt": -180,
    "ast": -240,
    "adt": -180,
    "sast": 120,
    "hkt": 480,
    "sgt": 480,
    "awst": 480,
    "aest": 600,
    "aedt": 660,
    "nzst": 720,
    "nzdt": 780,
}

# Days back from "now".
NAMED_DAYS: dict[str, int] = {
    word: days
    for days, words in {
        0: "today heute aujourd'hui aujourd’hui vandaag idag tänään dziś dzisiaj dnes oggi hoy "
        "hoje 오늘 今日 本日 今天",
        1: "yesterday gestern hier gisteren igår eilen wczoraj včera ieri ayer ontem 어제 "
        "昨日 昨天",
        2: "vorgestern avant-hier eergisteren przedwczoraj předevčírem anteayer 그제 前天",
    }.items()
    for word in words.split()
} | {"i dag": 0, "i går": 1, "i forgårs": 2, "i förrgår": 2}

# Weeks and longer are left out: "two months ago" names no day.
UNIT_SECONDS: dict[str, int] = {
    word: seconds
    for seconds, words in {
        1: "second seconds sec secs sekunde sekunden sekunder sekunnin secondes seconde "
        "segundos segundo secondi sekund sekundami 초 秒",
        60: "minute minutes min mins minuten minuut minutter minutt minuter minut minutu minuty "
        "minuutin minuutti minuti minuto minutos minuta minutami 분 分 分钟 分鐘",
        3_600: "hour hours hr hrs stunde stunden std heure heures uur uren time timer timar timme "
        "timmar tunti tuntia tunnin godzinę godzina godziny godzin hodinou hodinami hodiny ora "
        "ore hora horas 시간 時間 小时 小時",
        86_400: "day days tag tage tagen jour jours dag dagen dage dager dagar päivä päivää "
        "päivän dzień dni den dnem dny giorno giorni día días dia dias 일 日 天",
    }.items()
    for word in words.split()
}
