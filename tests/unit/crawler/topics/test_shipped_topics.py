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
