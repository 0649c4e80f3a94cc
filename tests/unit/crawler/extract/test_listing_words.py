"""Lists that only their heading tells, in languages of many scripts."""

from __future__ import annotations

import pytest

from crawler.extract import listing_words, listing_words_further
from crawler.extract.listing import read_listing
from crawler.extract.listing_text import only_date
from crawler.extract.listing_words import is_more, vocabulary, words

URL = "https://club.example/"
TITLES = {
    "ru": ("В городе открылся новый испытательный цех", "Кластер принял трёх новых участников",
           "Студенты построили лёгкий мост из угля", "Премия за переработку старых волокон"),
    "uk": ("У місті відкрили нову дослідну лабораторію", "Кластер прийняв трьох нових учасників",
           "Студенти збудували легкий міст із вуглецю", "Премія за переробку старих волокон"),
    "el": ("Άνοιξε νέα αίθουσα δοκιμών στην πόλη", "Τρία νέα μέλη μπήκαν στον σύνδεσμο",
           "Φοιτητές έχτισαν ελαφριά γέφυρα από άνθρακα", "Βραβείο για ανακύκλωση παλιών ινών"),
    "ar": ("افتتاح قاعة اختبار جديدة في وسط المدينة", "ثلاث شركات جديدة تنضم إلى التجمع هذا العام",
           "طلاب يبنون جسرا خفيفا من ألياف الكربون", "جائزة لإعادة تدوير الألياف القديمة هنا"),
    "he": ("אולם ניסויים חדש נפתח במרכז העיר השבוע", "שלוש חברות חדשות הצטרפו לאשכול השנה",
           "סטודנטים בנו גשר קל מסיבי פחמן במעבדה", "פרס על מיחזור סיבים ישנים במפעל הצפוני"),
    "vi": ("Khánh thành xưởng thử nghiệm mới trong thành phố", "Ba công ty gia nhập cụm năm nay",
           "Sinh viên xây cầu nhẹ bằng sợi các bon", "Giải thưởng cho việc tái chế sợi cũ"),
    "id": ("Balai uji baru dibuka di tengah kota", "Tiga perusahaan baru bergabung dengan klaster",
           "Mahasiswa membangun jembatan ringan dari karbon", "Hadiah untuk daur ulang serat lama"),
    "tr": ("Şehirde yeni bir deneme salonu açıldı", "Kümeye bu yıl üç yeni şirket katıldı",
           "Öğrenciler karbondan hafif bir köprü kurdu", "Eski liflerin dönüşümüne büyük ödül"),
}  # fmt: skip


def _found(language: str, heading: str) -> list[str]:
    """Titles found on a page with one list without dates, below a heading."""
    rows = "".join(f"<p><a href='/x/410{n}'>{t}</a></p>" for n, t in enumerate(TITLES[language]))
    page = f"<html lang='{language}'><body><h1>ClubX</h1><h2>{heading}</h2><div>{rows}</div></body>"
    return [item.title for item in read_listing(page.encode(), URL).items]


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("ru", "Новости"),
        ("uk", "Новини"),
        ("el", "Νέα και ανακοινώσεις"),
        ("ar", "الأخبار"),
        ("he", "חדשות"),
        ("vi", "Tin tức"),
        ("id", "Berita"),
        ("tr", "Haber ve duyurular"),
    ],
)
def test_a_list_without_dates_is_told_by_the_word_for_news(language: str, heading: str) -> None:
    assert _found(language, heading) == list(TITLES[language])


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("ru", "Вакансии"),
        ("uk", "Партнери"),
        ("el", "Εκδηλώσεις"),
        ("ar", "الوظائف"),
        ("he", "אירועים"),
        ("tr", "Etkinlikler"),
    ],
)
def test_a_heading_of_another_list_speaks_against_it(language: str, heading: str) -> None:
    assert _found(language, heading) == []


@pytest.mark.parametrize(
    "text",
    [
        "Подробнее...",
        "Читать далее »",
        "12 комментариев",
        "Детальніше",
        "Прочети още",
        "Διαβάστε περισσότερα",
        "اقرأ المزيد",
        "קרא עוד",
        "Đọc tiếp",
        "Baca selengkapnya",
        "อ่านต่อ",
        "Seguir leyendo",
        "Zobacz więcej",
        "Daha fazla",
        "3 yorum",
        "Více informací",
        "Scopri di più",
        "Läs mer",
        "Les hele saken",
        "Lue lisää",
        "Loe rohkem",
        "Zistiť viac",
        "Află mai multe",
        "Devamını oku",
        "Saiba mais",
        "Vai alla notizia",
        "أكمل القراءة",
        "阅读更多",
        "Ganzen Artikel lesen",
    ],
)
def test_invitations_to_read_on_name_nothing(text: str) -> None:
    assert is_more(text)


@pytest.mark.parametrize("text", ["Press release", "Mer energi i hamnen", "Releases", "Nyheter"])
def test_a_name_is_no_invitation_to_read_on(text: str) -> None:
    assert not is_more(text)


def test_counted_comments_are_no_title_in_any_script() -> None:
    rows = "".join(
        f"<table><tr><td><i>1{n}/03/2026</i></td></tr><tr><td>{title}</td></tr>"
        f"<tr><td>Короткий рассказ о том, что было сделано в этом месяце у нас.</td></tr><tr><td>"
        f"<a href='/who?id=7'>Ирина</a> · <a href='/news?id=4{n}'>{n} комментариев</a></td></tr>"
        "</table>"
        for n, title in enumerate(TITLES["ru"])
    )
    page = f"<html lang='ru'><body><div>{rows}</div></body></html>"
    titles = [item.title for item in read_listing(page.encode(), URL + "news").items]
    assert titles == list(TITLES["ru"])


@pytest.mark.parametrize(
    "day",
    [
        "12 марта 2026 года",
        "12 березня 2026 року",
        "четвер, 12 березня 2026",
        "Пятница, 13 марта 2026",
        "Πέμπτη, 12 Μαρτίου 2026",
        "12 Mart 2026 Perşembe",
    ],
)
def test_a_day_with_the_words_around_it_is_no_title(day: str) -> None:
    assert only_date(day)


@pytest.mark.parametrize("heading", ["Prochaines formations", "Prossimi corsi", "Próximos cursos"])
def test_dated_courses_beside_a_notice_are_no_news(heading: str) -> None:
    courses = "".join(
        f"<div class='item'><b>{n + 4} mars 2026</b> <p>{name}</p><a href='/c/{n}'>En savoir plus"
        "</a></div>"
        for n, name in enumerate(("Tenir sa comptabilité seul", "Tableur pour les débutants"))
    )
    page = (
        "<html lang='fr'><body><h1>Club</h1><div class='news'><h2><a href='/actualite/hall'>Le club"
        "ouvre un hall d'essais en ville</a></h2><time datetime='2026-03-02'>2 mars</time></div>"
        f"<section><h2>{heading}</h2>{courses}</section></body></html>"
    )
    assert [i.url for i in read_listing(page.encode(), URL).items] == [URL + "actualite/hall"]


@pytest.mark.parametrize("name", ["NEWS", "OTHER", "LATEST", "APART", "FURNITURE", "ASIDE", "MORE"])
def test_every_word_of_a_list_is_found_as_it_is_compared(name: str) -> None:
    assert [word for word in getattr(listing_words, name) if words(word) != (word,)] == []


def test_every_word_beside_a_date_is_found_as_it_is_compared() -> None:
    listed = vocabulary(listing_words_further.AROUND_DATES)
    assert [word for word in listed if words(word) != (word,)] == []
