"""Which row of a file names its columns, and which column each heading means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from sim.organisation.roster.column_names import SCALED, Names
from sim.organisation.roster.findings import CellError, quoted

__all__ = [
    "Headings",
    "find_columns",
    "known_names",
    "missing_columns",
    "plain",
    "stated_scale",
]

_OF_WHOM = re.compile(
    r"^(?:employee|employees|worker|staff|person|user|participant|current|primary|main|job|employment"
    r"|job information|mitarbeiter|salarie|empleado|medewerker)[\s_.:\-]+(.+)$"
)
_MARKS = re.compile(
    r"[*†‡]+|\s+as (?:of|at) .*$|[(\[]\s*(?:required|optional|mandatory|pflichtfeld|obligatoire|obligatorio|verplicht"
    r"|facultatif|opcional|optioneel|yyyy-mm-dd|dd/mm/yyyy|mm/dd/yyyy|dd\.mm\.yyyy|iso)\s*[)\]]",
    re.IGNORECASE,
)


_PAY_END = re.compile(
    r"[\s_]*[(\[,/]?\s*(?:in[\s_]+)?(?:[A-Z]{3}|[€$£]|euro?s?|gross|brutto|brut|bruto|annual(?:ly)?|yearly"
    r"|monthly|hourly|(?:per|pro|par|por)[\s_]+(?:year|month|hour|jahr|monat|an|mois|mes)|year|month|hour"
    r"|jahrlich|jährlich|monatlich|mensuel|mensual|p\.?a\.?)\s*[)\]]?$"
)
"""What may stand behind the name of a column of pay: a currency, a period."""


@lru_cache(maxsize=100_000)
def plain(text: str) -> str:
    """Return `text` in small letters, without accents and with letters and digits alone."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in parts if character.isalnum())


def stated_scale(heading: str) -> tuple[str, tuple[float, float] | None]:
    """Split a scale from the end of a heading: ``engagement_1_5`` -> ``engagement``, (1, 5)."""
    found = re.fullmatch(
        r"(.*?[^\W\d_])[\s_(\[-]+(\d{1,3})[\s_-]+(?:to[\s_-]+)?(\d{1,3})[)\]]?", heading
    )
    if found and int(found[2]) < int(found[3]):
        return found[1], (float(found[2]), float(found[3]))
    return heading, None


def known_names(names: Names) -> Mapping[str, tuple[str, int]]:
    """Column and rank of every name, by the name as :func:`plain` makes it; the first meaning counts."""
    return _known(tuple(names.items()))


@lru_cache(maxsize=8)
def _known(names: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, tuple[str, int]]:
    known: dict[str, tuple[str, int]] = {}
    for column, ranks in names:
        for rank, text in enumerate(ranks):
            for name in text.split():
                known.setdefault(plain(name), (column, rank))
    return known


_SHORT = {
    "emp": "employee", "mgr": "manager", "dept": "department", "dt": "date", "orig": "original", "term": "termination",
    "num": "number", "nbr": "number", "yrs": "years", "termreason": "termination reason",
    "termtype": "termination type", "birthdate": "birth date", "hiredate": "hire date", "termdate": "termination date",
    "orighiredate": "original hire date", "terminationdate": "termination date", "recorddate": "record date",
}  # fmt: skip
_TAILS = ("key", "desc", "description", "text", "txt")


def _spelt_out(heading: str) -> str:
    """A heading with its usual short words spelt out, without ``'s``, and without what marks a key or a label."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading.replace("\u2019", "'")).casefold()
    words = re.split(r"[^\w]+|_", re.sub(r"'s\b", "", spaced))
    words = [word for word in words if word]
    while len(words) > 1 and words[-1] in _TAILS:
        words.pop()
    text = " ".join(_SHORT.get(word, word) for word in words)
    owner = _OF_WHOM.match(text)
    return owner[1] if owner and owner[1] in ("manager", "supervisor", "age") else text


def _meaning(heading: str, known: Mapping[str, tuple[str, int]]) -> tuple[str, int, int] | None:
    """Column, rank and how far it is from the column's own name; None if the heading is not known."""
    text = " ".join(_MARKS.sub(" ", heading).split())
    tail = re.split(r"[:>/|]", text)[-1] if re.search(r"[:>|]", text) else ""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).casefold()
    owner = _OF_WHOM.match(spaced)
    base, scale = stated_scale(text)
    amount = _PAY_END.sub("", _PAY_END.sub("", text))
    bare = re.sub(
        r"\s*[(\[][^()\[\]]*[)\]]$", "", text
    )  # what stands in brackets at the end explains
    rest = (bare, _spelt_out(text))
    for candidate in filter(None, (text, tail, owner and owner[1], scale and base, amount, *rest)):
        found = known.get(plain(candidate))
        if candidate is amount and candidate != text and found and found[0] != "pay":
            continue
        if found and (candidate is not base or candidate == text or found[0] in SCALED):
            own = 0 if text == found[0] else 1 if plain(text) == plain(found[0]) else 2
            return (*found, own)
    return None


@dataclass(frozen=True, slots=True)
class Headings:
    """Which column of a file is which.

    Attributes
    ----------
    positions
        Position in the file of each known column.
    left_out
        Positions that are not read.
    doubled
        Columns that several headings of equal standing mean: the one taken, and the others.
    """

    positions: Mapping[str, int]
    left_out: tuple[int, ...]
    doubled: Mapping[str, tuple[int, tuple[int, ...]]]


def find_columns(headings: Sequence[str], names: Names) -> Headings:
    """Return the position of each column that `headings` names.

    Of two headings that mean the same column, the one that bears its very name is taken, else the one
    that stands first.
    """
    known = known_names(names)
    found: dict[str, list[tuple[int, int, int]]] = {}
    for position, heading in enumerate(headings):
        meaning = _meaning(heading, known) if heading else None
        if meaning:
            column, rank, own = meaning
            found.setdefault(column, []).append((rank, own, position))
    positions, doubled = {}, {}
    for column in names:
        if column not in found:
            continue
        best = sorted(found[column])
        positions[column] = best[0][2]
        equal = tuple(position for rank, _, position in best[1:] if rank == best[0][0])
        if equal:
            doubled[column] = (best[0][2], equal)
    used = set(positions.values())
    others = tuple(position for position in range(len(headings)) if position not in used)
    return Headings(positions, others, doubled)


def missing_columns(missing: Iterable[str], headings: Sequence[str], names: Names) -> CellError:
    """Say which columns are missing, by what names they would be known, and what there is."""
    missing = tuple(missing)
    shown = ", ".join(quoted(heading) for heading in headings[:12])
    more = f" and {len(headings) - 12} more" if len(headings) > 12 else ""
    known = {plain(name): name for column in missing for name in " ".join(names[column]).split()}
    near = [
        f"{quoted(heading)} looks like {known[match]}"
        for heading in headings[:100]
        for match in get_close_matches(plain(heading)[:60], known, 1, 0.8)
    ]
    others = "; ".join(
        f"{column} may also be called {', '.join(names[column][0].split()[1:4])}"
        for column in missing
    )
    remedy = f"the first row must name the columns; {others}; found: {shown}{more}"
    problem = f"there is no column {' and no column '.join(missing)}"
    return CellError(problem, "; ".join([remedy, *near[:3]]))
