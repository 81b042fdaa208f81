"""Readers of single cells: each takes the text of a cell that is not empty and returns its value.

What cannot be read is a :class:`~sim.organisation.roster.findings.CellError`. Nothing here knows of files
and lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from sim.engine.generations import GENERATION_YEARS
from sim.organisation.roster.findings import CellError, quoted
from sim.organisation.roster.headings import plain
from sim.organisation.roster.words import GENERATION_WORDS

__all__ = [
    "PLAUSIBLE_AGES",
    "WORKING_AGES",
    "duration_in",
    "number_in",
    "read_age_band",
    "read_birth_year",
    "read_generation",
    "read_months",
    "read_number",
    "read_skills",
    "read_whole_number",
    "read_word",
]

WORKING_AGES = (18.0, 70.0)
"""Where a band has no end, or reaches beyond working life, it is cut here (years)."""
PLAUSIBLE_AGES = (14.0, 100.0)

_UNITS = re.compile(
    r"\s*(%|percent|prozent|pour ?cent|por ?ciento|procent|years?( old)?|yrs?\.?|y\.?o\.?|jahre?|ans|anos|años"
    r"|jaar|months?|mths?|monate?|mois|meses|maanden|pts?|points?|punkte?)$",
    re.IGNORECASE,
)


def number_in(text: str) -> float | None:
    """Return the number that a text holds, or None: ``4,2``, ``1.234,5``, ``82%``, ``45 years``, ``4/5``.

    One comma with one or two digits behind it, or with three where no thousand is meant by anything else in
    the text, is a decimal comma: no column of a roster holds thousands.
    """
    text = _UNITS.sub("", text.strip().replace("\u2212", "-"))
    if not re.fullmatch(r"[+-]?[0-9][0-9.,' ]{0,20}", text):
        return None
    text = re.sub(r"(?<=[0-9])[' ](?=[0-9]{3})", "", text)
    if "," in text and "." in text:
        last = max(text.rfind(","), text.rfind("."))
        text = re.sub(r"[.,]", "", text[:last]) + "." + text[last + 1 :]
    elif text.count(",") == 1:
        text = text.replace(",", ".")
    elif text.count(",") > 1:
        text = text.replace(",", "")
    if not re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{1,15})?", text):
        return None
    return float(text)


_DURATION = re.compile(
    r"(?:([0-9]{1,3}(?:[.,][0-9]{1,6})?)\s*(?:y|yr|yrs|years?|j|jahre?|jaar|jaren|a|ans?|annees?|años?|anos?|anni|anno)\b\.?)?"
    r"[\s,;&+-]*(?:(?:and|und|et|y|e|en)\s+)?"
    r"(?:([0-9]{1,3}(?:[.,][0-9]{1,6})?)\s*(?:m|mo|mos|mths?|months?|mon|monate?|mnd|maand(?:en)?|mois|mes(?:es)?|mesi|mese)\b\.?)?"
    r"[\s,;&+-]*(?:(?:and|und|et|y|e|en)\s+)?(?:([0-9]{1,3})\s*(?:d|days?|tage?|jours?|dias?|giorni|dagen)\b\.?)?",
    re.IGNORECASE,
)


def duration_in(text: str) -> float | None:
    """Return the months of a duration that says its units, as ``3y 4m``, ``11 months`` or ``2 Jahre``; else None."""
    found = _DURATION.fullmatch(text.strip().casefold().replace("é", "e"))
    if not found or not any(found.groups()):
        return None
    years, months, days = (float((part or "0").replace(",", ".")) for part in found.groups())
    return 12.0 * years + months + days * 12.0 / 365.25


def read_months(unit: float, longest: float, remedy_unit: str) -> Callable[[str], float]:
    """Return a reader of durations as months: numbers of `unit` months each, or texts that say their units."""
    number = read_number(0.0, longest / unit, remedy_unit)

    def read(text: str) -> float:
        stated = duration_in(text)
        return unit * number(text) if stated is None or stated > longest else stated

    return read


def read_number(low: float, high: float, unit: str = "") -> Callable[[str], float]:
    """Return a reader of numbers from `low` to `high` (in `unit`); a decimal comma will do."""
    remedy = f"give a number from {low:g} to {high:g} {unit}".rstrip() + ", or leave the cell empty"

    def read(text: str) -> float:
        value = number_in(text)
        if value is None:
            raise CellError(f"{quoted(text)} is not a number", remedy)
        if not low <= value <= high:
            raise CellError(f"{text} is out of range", remedy)
        return value

    return read


def read_whole_number(low: int, high: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from `low` to `high` (``3`` or ``3.0``)."""
    remedy = f"give a whole number from {low} to {high}, or leave the cell empty"

    def read(text: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,12}([.,]0{1,6})?", text):
            raise CellError(f"{quoted(text)} is not a whole number", remedy)
        value = int(re.split("[.,]", text)[0])
        if not low <= value <= high:
            raise CellError(f"{text} is out of range", remedy)
        return value

    return read


def read_word(words: Mapping[str, int], allowed: str) -> Callable[[str], int]:
    """Return a reader of one of `words` (keys as :func:`plain` makes them)."""

    def read(text: str) -> int:
        if plain(text) not in words:
            raise CellError(
                f"{quoted(text)} is not known", f"allowed: {allowed}; or leave it empty"
            )
        return words[plain(text)]

    return read


def read_birth_year(
    start_year: int, year_of: Callable[[str], int | None]
) -> Callable[[str], tuple[float, float]]:
    """Return a reader of birth years or dates that gives youngest and oldest age on 1 January.

    `year_of` returns the year of a date, however it is written, or None.
    """
    remedy = (
        f"give a year in which somebody aged 14 to 100 in {start_year} was born, or leave it empty"
    )

    def read(text: str) -> tuple[float, float]:
        whole = re.fullmatch(r"([0-9]{4})(\.0+)?", text)
        year = int(whole[1]) if whole else year_of(text)
        if year is None:
            raise CellError(f"{quoted(text)} is not a birth year or date", remedy)
        if not 15 <= start_year - year <= 100:
            raise CellError(f"birth year {year} is out of range", remedy)
        return float(start_year - year - 1), float(start_year - year)

    return read


def read_generation(start_year: int) -> Callable[[str], tuple[float, float]]:
    """Return a reader of generations that gives youngest and oldest working age on 1 January."""

    def read(text: str) -> tuple[float, float]:
        if plain(text) not in GENERATION_WORDS:
            allowed = f"allowed: {', '.join(GENERATION_YEARS)}; or leave it empty"
            raise CellError(f"{quoted(text)} is not a known generation", allowed)
        first, last = GENERATION_YEARS[GENERATION_WORDS[plain(text)]]
        low, high = start_year - last - 1, start_year - first
        if high <= PLAUSIBLE_AGES[0] or low >= PLAUSIBLE_AGES[1]:
            problem = f"{quoted(text)} is aged {low} to {high} in {start_year}"
            raise CellError(problem, "check the start year of the scenario")
        return _within_working_life(low, high)

    return read


def read_age_band(text: str) -> tuple[float, float]:
    """Read ``30-39``, ``30 to 39``, ``under 30``, ``<30``, ``60+`` as youngest and oldest age."""
    remedy = "write age bands as 30-39, under 30 or 60+, within 14 to 100, or leave the cell empty"
    words = " ".join(text.casefold().replace("\u2013", "-").replace("\u2014", "-").split())
    words = re.sub(r" ?(years?( old)?|yrs|jahre|ans|anos|años|jaar)$", "", words)
    if found := re.fullmatch(r"([0-9]{1,3}) ?(?:-|to|bis|a|à|tot) ?([0-9]{1,3})", words):
        low, high = float(found[1]), float(found[2]) + 1.0  # whoever is '39' is not yet 40
    elif found := re.fullmatch(
        r"(?:under|below|unter|moins de|menos de|onder|<) ?([0-9]{1,3})", words
    ):
        low, high = _within_working_life(0.0, float(found[1]))
    elif found := re.fullmatch(
        r"(?:over|above|uber|über|plus de|mas de|más de|boven|>|>=) ?([0-9]{1,3})"
        r"|([0-9]{1,3}) ?(?:\+|and over|or over|und alter|und älter|et plus|y mas|y más|en ouder|plus)",
        words,
    ):
        low, high = _within_working_life(float(found[1] or found[2]), PLAUSIBLE_AGES[1])
    else:
        raise CellError(f"{quoted(text)} is not an age band", remedy)
    if not PLAUSIBLE_AGES[0] <= low < high <= PLAUSIBLE_AGES[1] + 1.0:
        raise CellError(f"{quoted(text)} is out of range", remedy)
    return low, high


def _within_working_life(low: float, high: float) -> tuple[float, float]:
    """Cut a band of ages to working life, if anything of it is left then."""
    cut = max(low, WORKING_AGES[0]), min(high, WORKING_AGES[1])
    return cut if cut[0] < cut[1] else (max(low, PLAUSIBLE_AGES[0]), min(high, PLAUSIBLE_AGES[1]))


def read_skills(low: float, high: float, scale: str = "") -> Callable[[str], dict[str, float]]:
    """Return a reader of ``python:0.8; negotiation:0.3`` on a scale from `low` to `high`.

    Names come back in small letters with underscores, levels as shares of the scale (0 to 1).
    `scale` words the scale for messages where it is not simply `low` to `high`.
    """
    remedy = (
        "write skills as name:level;name:level with levels from "
        f"{scale or f'{low:g} to {high:g}'}; another scale can be stated in the heading, as in "
        "skills_have_0_10"
    )
    level_of = read_number(low, high)

    def read(text: str) -> dict[str, float]:
        skills: dict[str, float] = {}
        for part in filter(None, (part.strip() for part in re.split("[;|]", text))):
            name, colon, level = (piece.strip() for piece in part.rpartition(":"))
            name = re.sub(r"[\s-]+", "_", name.casefold())
            if not colon or not re.fullmatch(r"\w+", name):
                raise CellError(f"{quoted(part)} is not name:level", remedy)
            if name in skills:
                raise CellError(f"the skill {quoted(name)} is named twice", remedy)
            try:
                skills[name] = (level_of(level) - low) / (high - low)
            except CellError as error:
                raise CellError(f"skill {quoted(name)}: {error.problem}", remedy) from None
        return skills

    return read
