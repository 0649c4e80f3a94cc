"""Fits the weights by which ``crawler.extract.article_text`` chooses blocks.

Run ``python bench/article_weights.py [FOLDER LABELS]``. The generated development pages of
``tests/quality/article_pages.py`` are always fitted on; FOLDER may hold real pages (name.html)
and LABELS their text as JSON, ``{"name": ["paragraph", …]}``. Prints F1 of six-fold
cross-validation (whole templates and pages are left out) for both kinds, then the table.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from crawler.extract.article_cleaning import clean_text
from crawler.extract.article_evidence import FEATURES
from crawler.extract.article_metadata import read_metadata
from crawler.extract.article_page import Page, read_page
from crawler.extract.article_posts import with_posts
from crawler.extract.article_text import is_text, measured
from crawler.extract.article_title import article_title, title_claims, title_heading
from tests.quality.article_pages import held_back, pages

FOLDS = 6
PENALTY = 4e-4
# Pages whose every line weighs the same would let link lists decide; lines weigh their words,
# but none less than this.
LEAST = 0.01
FIXTURES = Path(__file__).parents[1] / "tests" / "fixtures" / "article"
# Real pages count for more than made ones.
REAL = {"real": 2.0, "made": 1.0, "fixture": 1.0}
Rows = dict[int, tuple[float, ...]]


@dataclass(frozen=True)
class Sample:
    """One page: its numbers per block, which blocks are text, and what each weighs."""

    name: str
    group: str  # what is left out together
    kind: str  # made, fixture or real
    page: Page
    gold: list[str]
    rows: Rows
    is_text: frozenset[int]


def samples() -> list[Sample]:
    """All pages to fit on."""
    made = [
        _sample(each.name, each.template, "made", each.html.encode(), each.text.split("\n\n"))
        for each in pages()
        if not held_back(each.template)
    ]
    wanted = json.loads((FIXTURES / "expected.json").read_text("utf-8"))
    made += [
        _sample(name, name, "fixture", (FIXTURES / f"{name}.html").read_bytes(), each["text"])
        for name, each in wanted.items()
        if each["text"]
    ]
    if len(sys.argv) < 3:
        return made
    folder, labels = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text("utf-8"))
    return made + [
        _sample(name, name, "real", (folder / f"{name}.html").read_bytes(), gold)
        for name, gold in labels.items()
    ]


def _sample(name: str, group: str, kind: str, body: bytes, gold: list[str]) -> Sample:
    page = read_page(body, "https://www.verbund.example/item")
    metadata = read_metadata(page.root, page.url)
    title = title_heading(page, title_claims(page, metadata))
    rows = measured(page, metadata.article.body, title)
    return Sample(name, group, kind, page, gold, rows, _text_indexes(page, gold))


def _text_indexes(page: Page, gold: list[str]) -> frozenset[int]:
    """The blocks that are the gold paragraphs, in order; those split over several blocks (table
    rows) where every word is in the gold line."""
    own = [_key(block.text) for block in page.blocks]
    matcher = SequenceMatcher(None, own, [_key(line) for line in gold], autojunk=False)
    found = {
        at for start, _, size in matcher.get_matching_blocks() for at in range(start, start + size)
    }
    rows = {cell for line in gold for cell in _key(line).split(" ")}
    cells = {"td", "th", "div"}
    return frozenset(found) | frozenset(
        block.index
        for block in page.blocks
        if found
        and min(found) < block.index < max(found)
        and block.tag in cells
        and len(block.text) < 30
        and set(_key(block.text).split(" ")) <= rows
    )


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))


def fitted(samples: Sequence[Sample]) -> list[float]:
    """Weights of a logistic regression, by Newton's method with a ridge penalty."""
    import numpy as np

    rows, wanted, weights = [], [], []
    for sample in samples:
        total = max(40, sum(len(_key(line).split()) for line in sample.gold))
        for index, numbers in sample.rows.items():
            words = len(_key(sample.page.blocks[index].text).split()) + 3
            rows.append(numbers)
            wanted.append(float(index in sample.is_text))
            weights.append(REAL[sample.kind] * max(LEAST, min(1.0, words / total)))
    x, y, w = np.array(rows), np.array(wanted), np.array(weights)
    w /= w.sum()
    penalty = np.diag([PENALTY] * (len(FEATURES) - 1) + [1e-9])
    beta = np.zeros(len(FEATURES))
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        gradient = x.T @ (w * (p - y)) + penalty @ beta
        hessian = (x * (w * p * (1 - p) + 1e-9)[:, None]).T @ x + penalty
        beta -= np.linalg.solve(hessian, gradient)
    return [float(each) for each in beta]


def crossed(samples: Sequence[Sample]) -> dict[str, list[tuple[str, float | None, float]]]:
    """Precision and recall of every page by weights that never saw its group."""
    groups = sorted({sample.group for sample in samples})
    scores: dict[str, list[tuple[str, float | None, float]]] = defaultdict(list)
    for fold in range(FOLDS):
        out = set(groups[fold::FOLDS])
        beta = fitted([each for each in samples if each.group not in out])
        for sample in samples:
            if sample.group in out:
                scores[sample.kind].append((sample.name, *_scored(sample, beta)))
    return scores


def _scored(sample: Sample, beta: Sequence[float]) -> tuple[float | None, float]:
    chosen = [
        sample.page.blocks[index]
        for index, numbers in sample.rows.items()
        if is_text(numbers, dict(zip(FEATURES, beta, strict=True)))
    ]
    chosen = list(with_posts(chosen, sample.page.blocks))
    metadata = read_metadata(sample.page.root, sample.page.url)
    heading = title_heading(sample.page, title_claims(sample.page, metadata))
    text = clean_text(chosen, article_title(sample.page, metadata), heading)
    return precision_and_recall("\n".join(sample.gold), text or metadata.article.body)


def precision_and_recall(expected: str, got: str) -> tuple[float | None, float]:
    """As the public article-extraction-benchmark counts; an empty text has no precision."""
    if not got.strip():
        return None, 0.0
    wanted, found = _shingles(expected), _shingles(got)
    shared = sum((wanted & found).values())
    return shared / sum(found.values()), shared / sum(wanted.values())


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)))


def f1(scores: Iterable[tuple[float | None, float]]) -> tuple[float, float, float]:
    """Mean precision, mean recall, and F1 of the two."""
    pairs = list(scores)
    precisions = [precision for precision, _ in pairs if precision is not None]
    precision = sum(precisions) / len(precisions)
    recall = sum(recall for _, recall in pairs) / len(pairs)
    return precision, recall, 2 * precision * recall / (precision + recall)


def main() -> None:
    """Print cross-validated scores, the weak pages, and the weights."""
    found = samples()
    for kind, scores in crossed(found).items():
        precision, recall, both = f1((p, r) for _, p, r in scores)
        print(f"{kind}: n={len(scores)} P={precision:.4f} R={recall:.4f} F1={both:.4f}")
        for name, p, r in sorted(scores):
            if min(p or 0.0, r) < 0.95:
                print(f"  {name} {p or 0:.3f} {r:.3f}")
    print("WEIGHTS: dict[str, float] = {")
    for name, weight in zip(FEATURES, fitted(found), strict=True):
        if name == "standfirst":  # is text whatever it weighs
            continue
        print(f'    "{name}": {weight:.2f},')
    print("}")


if __name__ == "__main__":
    main()
