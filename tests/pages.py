"""Reading a report page as a parser would, and comparisons with made-up effects."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import numpy as np

from sim.experiments.comparison import Comparison
from sim.outcomes.declared import OUTCOMES

VOID = {"meta", "br", "link", "img", "input", "hr"}


class Reader(HTMLParser):
    """Elements in order, with their attributes, ancestors and text; complains if they do not nest."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self.words: dict[int, list[str]] = {}
        self._open: list[tuple[str, int]] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        self.elements.append((tag, dict(attrs), tuple(name for name, _ in self._open)))
        if tag not in VOID:
            self._open.append((tag, len(self.elements) - 1))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), tuple(name for name, _ in self._open)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, tag
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, place in self._open:
            self.words.setdefault(place, []).append(data)

    def all(self, tag: str) -> Iterator[tuple[dict[str, str | None], str]]:
        """Attributes and text of every element of a kind."""
        for place, (name, attributes, _) in enumerate(self.elements):
            if name == tag:
                yield attributes, " ".join("".join(self.words.get(place, [])).split())


def check(text: str) -> Reader:
    """What is true of every page."""
    read = Reader(text)
    assert text.startswith("<!DOCTYPE html>")
    for address in re.findall(r"""(?:https?:|//)[^"'\s<)]*""", text):
        assert address == "http://www.w3.org/2000/svg"
    assert not re.search(r"""(?:href|src)=["'](?!#)|@import|url\((?!#)|<script|<link|<img""", text)
    identifiers = [attributes["id"] for _, attributes, _ in read.elements if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    for _, attributes, _ in read.elements:
        for name in ("aria-labelledby", "href"):
            for target in (attributes.get(name) or "").replace("#", "").split():
                assert target in identifiers
    for used in re.findall(r"url\(#([^)]*)\)", text):
        assert used in identifiers
    levels = [int(tag[1]) for tag, _, _ in read.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    for landmark in ("header", "nav", "main", "footer"):
        assert sum(tag == landmark for tag, _, _ in read.elements) == 1
    for tag, attributes, above in read.elements:
        if tag == "svg":
            assert attributes["role"] == "img"
            assert above[-1] == "figure"
            assert "tabindex" not in attributes
        if tag == "th":
            assert attributes["scope"] in ("col", "row", "rowgroup", "colgroup")
        if tag == "table":
            assert above[-1] == "div"
        if tag == "details":
            assert "open" not in attributes
            assert "details" not in above
    summaries = [words for _, words in read.all("summary")]
    assert len(summaries) == sum(tag == "details" for tag, _, _ in read.elements)
    assert len(set(summaries)) == len(summaries)
    assert all(summaries)
    names = [tag for tag, _, _ in read.elements]
    assert all(after == "summary" for tag, after in pairwise(names) if tag == "details")
    captions = [words for _, words in read.all("caption")]
    tables = sum(tag == "table" for tag, _, _ in read.elements)
    assert len(captions) == tables
    assert all(captions)
    svgs = sum(tag == "svg" for tag, _, _ in read.elements)
    described = [words for tag in ("title", "desc") for _, words in read.all(tag)]
    assert len(described) == 2 * svgs + 1
    assert all(described)
    assert not re.search(r"\bnan\b|\binf\b|\bNone\b(?! of)|undefined,", "".join(read.words[0]))
    return read


def altered(found: Comparison, headlines: dict[str, np.ndarray], **changes: Any) -> Comparison:
    """The comparison with made-up effects, by variant: for the better, in every headline and every goal."""
    results = copy.deepcopy(found.results)
    assert results is not None
    for name, effect in headlines.items():
        own = results.values[found.variants.index(name)]
        base = results.values[found.variants.index(found.baseline)]
        for place, item in enumerate(OUTCOMES):
            level, scale = LEVELS.get(item.name, (0.5, 0.01 if item.unit == "0 to 1" else 1.0))
            if item.headline or item.name in LEVELS:
                base[:, place] = level
                own[:, place] = level + scale * effect
    given = {"worlds": found.worlds, "interrupted": False, "notes": (), "manifest": found.manifest}
    given |= {"results": results, "ensemble": found.ensemble, **changes}
    return Comparison(found.scenario, found.variants, found.baseline, **given)


LEVELS = {
    "innovation": (20.0, 1.0),
    "engaged": (40.0, 1.0),
    "quits": (30.0, -1.0),
    "quits_staff": (15.0, -1.0),
    "quits_middle": (0.0, 0.0),
    "quits_leaders": (0.0, 0.0),
}
"""What there is without a programme, and what an effect of one makes of it."""
