"""The words that make a date an event or a deadline, and those that make it neither.

Texts are compared in small letters; ``~`` stands for the end of a word, and whatever has
no ``^`` may be the second part of a compound, as in Fachtagung. The languages share one table:
a word of one that misleads in another is left out.
"""

from __future__ import annotations

import re

# What people come together for.
_EVENTS = """
^conference ^congress ^symposi ^workshop ^webinar ^seminar ^forum~ ^fair~ ^fairs~
^exhibition
^expo~ ^summit ^hackathon ^makeathon ^meetup ^info~day ^info~session ^information~session
^information~day ^open~day ^kick-off ^kickoff ^roundtable ^round~table ^matchmaking
^brokerage
^training~course ^summer~school ^winter~school ^masterclass ^ceremony ^reception~
^networking
^cluster~days ^innovation~days ^demo~day ^pitch~ ^delegation ^trade~mission ^study~visit
^general~assembly ^annual~meeting ^tour~ ^festival ^lecture ^panel~discussion ^site~visit
^bootcamp ^boot~camp ^innovation~day ^industry~day ^tech~day ^save~the~date ^final~event
konferenz kongress symposium workshop tagung tagungen seminar ^forum ^foren~ forum~ messe~
messen~
messeauftritt ausstellung~ veranstaltung fachtag~ stammtisch lehrgang sprechstunde sprechtag
treffen~
preisverleihung auftakt~ delegationsreise unternehmerreise mitgliederversammlung
jahrestreffen
empfang~ hackathon webinar infotag kolloquium kongresses gipfel~ sommerschule vortragsreihe
jahresabschluss frühstück~ vortrag~ diskussion~ netzwerkabend kick-off innovationstag
clustertag
schulung~ festakt rundgang~ abendveranstaltung
^konference konferencen~ ^messe ^temadag ^årsmøde ^møde~ ^mødet~ ^kursus ^studietur ^seminar
^generalforsamling ^kongres ^event~ ^events~ ^gå-hjem-møde ^netværksmøde ^workshop
^uddelingen
^conférence ^colloque ^congrès ^salon~ ^journée~technique ^journées ^atelier ^séminaire
^webinaire
^rencontre ^assemblée~générale ^mission~d ^journée~d ^petit-déjeuner ^rendez-vous~d
^remise~des
^journée~portes ^convention~d
^congres~ ^beurs~ ^bijeenkomst ^symposium ^netwerkbijeenkomst ^konferens ^mässa ^mässan
^seminarium
^årsmöte ^konferanse ^messen ^jornada ^congreso ^feria~ ^taller~ ^seminario ^encuentro
^convegno
^fiera ^evento~ ^konferencj ^targi~ ^targach ^warsztat ^seminarium ^kongres ^spotkani
^veletrh
^konferenc ^seminář ^seminaari ^messut 세미나 포럼
박람회 전시회 컨퍼런스 워크숍 설명회 상담회 간담회
행사 シンポジウム セミナー 展示会 フォーラム
"""
# That something takes place: enough without a noun.
_HAPPENS = """
^takes~place ^take~place ^taking~place ^will~be~held ^be~hosted ^is~held ^meet~us ^visit~us
^join~us
^join~our ^we~invite ^you~are~invited
stattfind ^statt~ ^lädt~ ^laden~ ^einladen~ ^besuchen~sie~uns ^treffen~sie ^beginn: ^findet~
^finden~sie~uns ^afholdes ^afholder ^holder~vi ^inviterer ^mød~os ^arrangerar ^arrangerer
^hålls~
^finder~sted ^overrækkes
^aura~lieu ^auront~lieu ^se~tiendra ^se~tiendront ^se~déroulera ^retrouvez-nous ^rendez-vous
^vous~invite ^organise ^vindt ^plaatsvind ^wordt~gehouden ^se~celebrará ^se~celebra
^tendrá~lugar
^si~terrà ^si~svolgerà ^avrà~luogo ^odbędzie~się ^odbędą~się ^se~koná ^se~uskuteční 개최 열린다
열립니다
開催
"""
# That it is over, or no gathering: in force, in office, published, closed, running, opening.
_NEITHER = """
^took~place ^was~held ^were~held ^has~been~held ^took~part ^was~opened ^returned~from
^travelled
^attended ^came~to ^into~force ^takes~effect ^take~effect ^effective~from ^take~over
^takes~over
^succeed ^appointed ^founded ^established ^was~signed ^signed~on ^published ^closed~on
^closed~from
^opening~hours ^fiscal ^warranty ^merge ^moves~to ^go~into ^available~until ^runs~until
^contract~
fand~ fanden~ stattgefunden ^war~ ^waren~ ^kamen~ ^reisten~ ^kraft~ ^gilt~ ^gültig
geschlossen~
^gegründet ^veröffentlicht ^erschien ^erscheint ^übernimmt ^tritt~ ^laufzeit ^läuft~bis
öffnungszeit
^eröffnete ^unterzeichnet~wurde ^nahmen~ ^wurde~ ^wurden~ ^stand:~ ^vertrag~ ^zugelassen
^fandt~sted ^blev~ ^deltog ^kraft ^tiltræder ^flytter ^udløber ^stiftet ^udkommer
^åbningstid
^a~eu~lieu ^ont~eu~lieu ^s'est~tenu ^se~sont~tenu ^en~vigueur ^ont~exposé ^a~été ^ont~été
^entrera~en
^s'appliqu ^fonctions ^horaires ^créé ^publié ^exposaient ^vond~ ^werd~ ^werden~gehouden
^geldt~
^tuvo~lugar ^se~celebró ^si~è ^odbył ^konalo ^verstärkung ^podpisa ^rozmawia ^stelle~
^stellen~ 열렸다 개최했다 개최됐다 시행 가동
"""
# The end of a time in which something may be done.
_DEADLINES = """
^deadline ^closing~date ^cut-off ^closes~ ^due~date ^last~day
einreichungsfrist bewerbungsfrist antragsfrist anmeldefrist abgabefrist ^frist~ ^fristende
schluss~ stichtag~ ^fristen~ abgabetermin ^endet~die~frist
^ansøgningsfrist ansøgningsfrist tilmeldingsfrist ^fristen ^sidste~frist ^sidste~tilmelding
^sista~dag ^sista~ansöknings ^siste~frist ^søknadsfrist
^date~limite ^clôture ^dernier~délai ^date~butoir ^aanmelddeadline ^sluitingsdatum ^uiterste
^plazo ^fecha~límite ^scadenza ^termin~składania ^termin~zgłosz ^uzávěrka 마감 締切 締め切り 截止
"""
# What has to be done by then.
_ACTS = """
^apply ^applic ^applied ^submi ^register ^registr ^sign~up ^proposal ^book~ ^nominat
^expression
^enrol ^abstract ^bid~ ^bids~ ^tender
bewerb bewirb einreich ^eingereicht antrag ^anträge anmeld ^angemeldet ^melden~ ^meldet~
skizze
^vorschläge ^teilnahmeantr ^abgabe ^abstracts ^buchen ^anzumelden ^einzureichen
vorhabenbeschreibung
ansøg tilmeld ^indsend ^melde~sig ^indstil ^søge ^anmäl ^ansök ^påmeld ^søk
candidat ^dépos ^soumet ^soumission ^inscri ^dossier ^proposition ^postul
inschrij aanmeld ^indienen ^aanvra ^inscrip ^solicit ^presentar ^candidatur ^domanda ^iscri
^presentare ^zgłosz ^wniosk ^przihláš ^přihlá 신청 접수 제출 応募 申込 申请 报名
"""
# Directly before a day: until it.
_UNTIL = """
by~ by~the~ until~ until~the~ till~ before~ no~later~than~ not~later~than~ up~to~
bis~ bis~zum~ spätestens~ spätestens~am~ bis~spätestens~ bis~spätestens~zum~ vor~dem~
bis~einschließlich~
bis~inklusive~ senest~ senest~den~ inden~ inden~den~ indtil~ indtil~den~ frem~til~
frem~til~den~ til~og~med~
til~og~med~den~ jusqu'au~ jusqu’au~ avant~le~ au~plus~tard~le~ d'ici~le~ d'ici~au~ d’ici~le~
tot~
tot~en~met~ uiterlijk~ vóór~ t/m~ hasta~el~ antes~del~ entro~il~ entro~e~non~oltre~il~
fino~al~
do~ do~dnia~ najpóźniej~do~ senast~ senast~den~ till~och~med~den~ innen~ innen~den~
"""
_UNTIL_AFTER = ("까지", "まで", "截止", "前")
# A programme of dates: every day in it is an occasion.
_AGENDA = """
^termine~ ^veranstaltungen ^terminkalender ^terminübersicht ^kalender~ ^events~ ^upcoming
^calendar
^agenda~ ^kommende ^arrangementer ^kalenderen ^événements ^à~venir ^agenda ^evenementen
"""
_LABELS_DATE = (
    "termin|termine|datum|wann|zeit|date|dates|when|dato|hvornår|tidspunkt|quand|le|fecha|cuándo|"
    "data|quando|tid|일시|일정|日時"
)
_LABELS_TIME = "zeit|uhrzeit|beginn|time|tid|tidspunkt|heure|horaires?|hora|orario|시간"
_LABELS_PLACE = (
    "ort|veranstaltungsort|wo|venue|location|place|where|sted|hvor|lieu|où|plaats|locatie|plats|"
    "lugar|luogo|miejsce|místo|장소|場所"
)


def _word(stem: str) -> str:
    """A stem as a pattern: a last ``~`` ends a word, others are blanks."""
    ends = r"(?!\w)" if stem.endswith("~") else ""
    return re.escape(stem.strip("^~")).replace(r"\~", "~").replace("~", r"\s") + ends


def _any(stems: str) -> re.Pattern[str]:
    """Small letters and no flags: so the engine passes over what begins otherwise."""
    begins: list[str] = []
    inside: list[str] = []
    for stem in sorted(set(stems.split()), key=lambda one: (-len(one), one)):
        (begins if stem.startswith("^") else inside).append(_word(stem))
    parts = [rf"(?<!\w)(?:{'|'.join(begins)})"] * bool(begins) + inside
    return re.compile("|".join(parts))


EVENT_WORDS = _any(_EVENTS)
HAPPENS = _any(_HAPPENS)
NEITHER = _any(_NEITHER)
DEADLINE_WORDS = _any(_DEADLINES)
ACTS = _any(_ACTS)
AGENDA = _any(_AGENDA)
_before = sorted(set(_UNTIL.split()), key=len, reverse=True)
UNTIL = re.compile(
    r"(?<!\w)(?:" + "|".join(re.escape(one.rstrip("~")).replace(r"\~", "~").replace("~", r"\s")
                             for one in _before) + r")\s(?:[^\W\d_]{2,10},?\s(?:den\s)?)?$",
    re.IGNORECASE,
)  # fmt: skip
UNTIL_AFTER = re.compile(r"\s?(?:" + "|".join(_UNTIL_AFTER) + ")")
DATE_LABEL = re.compile(
    rf"(?:^|[.;]\s)(?:{_LABELS_DATE})\s?:\s(?:[^\W\d_]{{2,10}}\.?,?\s(?:den\s)?)?$", re.IGNORECASE
)
TIME_LABEL = re.compile(rf"^\s{{0,3}}(?:{_LABELS_TIME})\s?:\s?", re.IGNORECASE)
PLACE_LABEL = re.compile(
    rf"(?:^|[\n.;,]\s{{0,2}})(?:{_LABELS_PLACE})\s?:\s?(?P<place>[^\n;]{{2,100}})", re.IGNORECASE
)
# What is open over a stretch of days ends with its last.
CALL = re.compile(
    r"(?<!\w)(?:call|aufruf|ausschreibung|appel|bando|convocatoria|opslag)(?!\w)", re.IGNORECASE
)
