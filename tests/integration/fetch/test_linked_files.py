"""Items that are no pages: a PDF gives its text, other files live on their listing."""

from __future__ import annotations

from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House
from tests.integration.fetch.pages import RSS
from tests.integration.fetch.server import Answer, Server
from tests.small_pdfs import pdf

LINES = (
    "The members of the cluster agreed on a joint laser programme, and",
    "small firms and two institutes will share machines and results.",
)
PDF = "application/pdf"


async def held(house: House, server: Server, answers: dict[str, Answer]) -> dict[str, str]:
    """Texts by path, after one poll of a feed that links these files."""
    news = [pages.News(server.url(path), f"A story kept at {path}") for path in answers]
    server.put("/feed", pages.feed(news), RSS)
    for path, answer in answers.items():
        server.put(path, answer)
    house.watch(server.url("/feed"), kind="feed")
    await house.poll()
    return {item.url.removeprefix(server.url("")): item.text for item in house.items()}


async def test_a_linked_pdf_gives_its_text_and_topics(house: House, server: Server) -> None:
    texts = await held(
        house,
        server,
        {
            "/press.pdf": Answer(pdf([LINES]), headers={"Content-Type": PDF}),
            "/download?file=8": Answer(pdf([LINES]), headers={"Content-Type": "text/html"}),
        },
    )
    assert set(texts.values()) == {" ".join(LINES)}
    assert [match.topic for item in house.items() for match in item.topics] == ["lasers"] * 2
    assert {item.title for item in house.items()} == {f"A story kept at {path}" for path in texts}


async def test_a_broken_pdf_and_other_files_live_on_their_listing(
    house: House, server: Server
) -> None:
    texts = await held(
        house,
        server,
        {
            "/broken.pdf": Answer(b"%PDF-1.4 torso", headers={"Content-Type": PDF}),
            "/plan.docx": Answer(b"PK\x03\x04", headers={"Content-Type": "application/zip"}),
        },
    )
    assert set(texts.values()) == {"In short: members agreed."}
    assert "/plan.docx" not in server.paths()
