"""The shipped lexicons know their topics in every language they promise."""

from __future__ import annotations

import pytest

from crawler.topics.matching import TopicMatcher
from crawler.topics.terms import parse_term
from crawler.topics.vocabulary import shipped_topics

AI = {
    "de": "Lernende Algorithmen werten an der Klinik Röntgenbilder aus.",
    "en": "A neural network reads the scans of the hospital.",
    "da": "Maskinlæring hjælper lægerne på sygehuset.",
    "no": "Sykehuset tar i bruk nevrale nettverk.",
    "sv": "Maskininlärning hjälper läkarna på sjukhuset.",
    "nl": "Zelflerende software leest de scans.",
    "fr": "L'apprentissage automatique aide les radiologues.",
    "fi": "Koneoppimista käytetään sairaalassa.",
    "pl": "Sieci neuronowe pomagają lekarzom w szpitalu.",
    "cs": "Strojové učení pomáhá lékařům v nemocnici.",
    "it": "Le reti neurali aiutano i medici.",
    "es": "El aprendizaje automático ayuda a los médicos.",
    "pt": "A aprendizagem automática ajuda os médicos.",
    "ko": "병원이 딥러닝으로 영상을 판독한다.",
    "ja": "病院が深層学習で画像を読む。",
    "zh": "医院用深度学习阅读影像。",
}
PRINTING = {
    "de": "Titanpulver wird per Laserstrahlschmelzen zu Implantaten.",
    "en": "Laser sintering builds the hip implants in Leeds.",
    "da": "Hospitalet bruger 3D-printede knogler.",
    "no": "Bedriften satser på additiv tilvirkning.",
    "sv": "Företaget satsar på additiv tillverkning.",
    "nl": "Metaalprinten krijgt een eigen centrum.",
    "fr": "La stratoconception trouve sa place à l'atelier.",
    "fi": "Yritys aloittaa metallin 3D-tulostuksen.",
    "pl": "Wytwarzanie przyrostowe wchodzi do fabryki.",
    "cs": "Firma zavádí aditivní výrobu kovových dílů.",
    "it": "La manifattura additiva entra in officina.",
    "es": "La fabricación aditiva llega al taller.",
    "pt": "O fabrico aditivo chega à oficina.",
    "ko": "적층제조 센터가 문을 열었다.",
    "ja": "積層造形のセンターが開所した。",
    "zh": "增材制造中心成立。",
}
KOREA = {
    "de": "Eine Delegation aus Wonju besuchte Dresden und vereinbarte eine Kooperation.",
    "en": "The cluster signed a memorandum of understanding with KIAT.",
    "da": "Klyngen indgik en samarbejdsaftale med KITECH i Sydkorea.",
    "no": "Klyngen inngikk en samarbeidsavtale med KITECH i Sør-Korea.",
    "sv": "Klustret slöt ett samarbetsavtal med KIMM i Sydkorea.",
    "nl": "De cluster tekende een samenwerkingsovereenkomst met Zuid-Korea.",
    "fr": "Le pôle a conclu un accord de coopération avec Daejeon.",
    "fi": "Klusteri solmi yhteistyösopimuksen Etelä-Korean kanssa.",
    "pl": "Klaster zawarł porozumienie o współpracy z koreańskim instytutem.",
    "cs": "Klastr uzavřel dohodu o spolupráci s korejským institutem.",
    "it": "Il cluster ha firmato un accordo di cooperazione con la Corea del Sud.",
    "es": "El clúster firmó un acuerdo de cooperación con Corea del Sur.",
    "pt": "O cluster assinou um acordo de cooperação com a Coreia do Sul.",
    "ko": "테크노파크가 독일 클러스터와 업무협약을 맺었다.",
    "ja": "クラスターが韓国の研究機関と協力協定を結んだ。",
    "zh": "集群与韩国研究院签署合作协议。",
}
TAKING_PART = {  # neither side is said to cooperate
    "de": "Die TU Chemnitz und das koreanische Institut KETI nehmen an dem Programm teil.",
    "en": "TU Chemnitz and the Korean institute KETI take part in the programme.",
    "da": "Aalborg Universitet og det koreanske institut KETI deltager i programmet.",
    "no": "Universitetet i Agder og det koreanske instituttet KETI deltar i programmet.",
    "sv": "Luleå tekniska universitet och det koreanska institutet KETI deltar i programmet.",
    "nl": "De Universiteit Twente en het Koreaanse instituut KETI nemen deel aan het programma.",
    "fr": "L'université de Limoges et l'institut coréen KETI participent au programme.",
    "fi": "Oulun yliopisto ja korealainen tutkimuslaitos KETI osallistuvat ohjelmaan.",
    "pl": "Politechnika Opolska i koreański instytut KETI biorą udział w programie.",
    "cs": "Technická univerzita v Liberci a korejský ústav KETI se účastní programu.",
    "it": "L'Università di Trento e l'istituto coreano KETI partecipano al programma.",
    "es": "La Universidad de Oviedo y el instituto coreano KETI participan en el programa.",
    "pt": "A Universidade do Minho e o instituto coreano KETI participam no programa.",
    "ko": "켐니츠 공대와 한국전자기술연구원이 사업에 함께 참여한다.",
    "ja": "東北大学と韓国の研究所KETIが計画に参加する。",
    "zh": "清华大学与韩国研究所KETI共同参加该计划。",
}
TAUGHT = {  # no method is named, only that something was taught
    "da": "Systemet er trænet på fejlslagne emner og opdager dem.",
    "en": "A program trained on rejected parts notices it.",
    "es": "Así aprendió el sistema a localizar la plaga.",
    "fr": "Le système a appris à repérer les taches.",
    "it": "Il sistema ha imparato a riconoscere le macchie.",
}
CASES = [
    (topic, language, text)
    for topic, texts in (("ai", AI), ("3d-printing", PRINTING), ("korea-cooperation", KOREA))
    for language, text in texts.items()
]


@pytest.fixture(scope="module")
def matcher() -> TopicMatcher:
    return TopicMatcher(shipped_topics())


@pytest.mark.parametrize(("topic", "language", "text"), CASES)
def test_a_topic_is_found_in_its_language(
    matcher: TopicMatcher, topic: str, language: str, text: str
) -> None:
    assert [match.topic for match in matcher.match("", text, language)] == [topic]


@pytest.mark.parametrize(("language", "text"), TAKING_PART.items())
def test_both_sides_of_a_programme_work_together(
    matcher: TopicMatcher, language: str, text: str
) -> None:
    found = matcher.match("New batteries", text, language)
    assert [match.topic for match in found] == ["korea-cooperation"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Daegu und Kopenhagen sind jetzt Partnerstädte."),
        ("en", "Students from Suwon spend a semester in Antwerp."),
        ("da", "Studerende fra Suwon tilbringer et semester i Prag."),
        ("nl", "De stad Daegu is uitgenodigd door Brussel."),
        ("de", "Kleinbrück und der Partner gründen in Asan ein Gemeinschaftsunternehmen."),
    ],
)
def test_towns_are_known_by_the_names_of_each_language(
    matcher: TopicMatcher, language: str, text: str
) -> None:
    assert [match.topic for match in matcher.match("", text, language)] == ["korea-cooperation"]


@pytest.mark.parametrize(("language", "text"), TAUGHT.items())
def test_what_was_taught_by_examples_has_learned(
    matcher: TopicMatcher, language: str, text: str
) -> None:
    assert [match.topic for match in matcher.match("", text, language)] == ["ai"]


def test_a_beam_that_melts_grain_by_grain_prints(matcher: TopicMatcher) -> None:
    text = "Un faisceau fait fondre le métal grain après grain, et la pièce apparaît."
    (match,) = matcher.match("Des pièces dans la poudre", text, "fr")
    assert match.topic == "3d-printing"


@pytest.mark.parametrize(("topic", "language", "text"), CASES)
def test_a_topic_is_found_in_text_written_without_accents_and_in_capitals(
    matcher: TopicMatcher, topic: str, language: str, text: str
) -> None:
    assert topic in {match.topic for match in matcher.match("", text.upper(), language)}


def test_the_language_need_not_be_known(matcher: TopicMatcher) -> None:
    for topic, _, text in CASES:
        assert topic in {match.topic for match in matcher.match("", text)}


def test_every_counting_concept_has_names_in_three_languages() -> None:
    for topic in shipped_topics():
        concepts = topic.definition["concepts"]
        assert isinstance(concepts, list)
        for concept in concepts:
            if concept.get("strength", 0.6) > 0:
                assert set(concept["names"]) >= {"en", "de", "da"}, concept["id"]


def test_no_term_stands_twice_in_a_list() -> None:
    for topic in shipped_topics():
        concepts = topic.definition["concepts"]
        assert isinstance(concepts, list)
        for concept in concepts:
            for table in ("terms", "only"):
                for language, terms in concept.get(table, {}).items():
                    twice = {term for term in terms if terms.count(term) > 1}
                    assert not twice, (concept["id"], language)


def test_the_shipped_terms_are_read_once() -> None:
    TopicMatcher(shipped_topics())
    before = parse_term.cache_info()
    TopicMatcher(shipped_topics())
    assert parse_term.cache_info().misses == before.misses
