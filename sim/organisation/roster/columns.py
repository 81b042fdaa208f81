"""Tables of a planner: what columns may be called, what cells may hold, and how a file is read.

Three parts. The table of names: HR systems and mentoring platforms call the same thing
``employee_id``, ``EmployeeNumber`` or ``empNo``. Readers of single cells: each takes the text of a
cell that is not empty and returns its value or raises :class:`CellError`, knowing nothing of files
and lines. And :class:`Rows`, a file read into columns of text, which adds file, line and column to
what went wrong. An empty cell always means *unknown*; nothing else does.
"""

from __future__ import annotations

import csv
import io
import re
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn, TypeVar

from sim.errors import InputError

__all__ = [
    "ROSTER_COLUMNS",
    "TIES_COLUMNS",
    "CellError",
    "Rows",
    "plain",
    "quoted",
    "read_age_band",
    "read_birth_year",
    "read_date",
    "read_generation",
    "read_level",
    "read_number",
    "read_rows",
    "read_skills",
    "read_whole_number",
    "read_word",
]

Value = TypeVar("Value")


class CellError(Exception):
    """A cell, or a row of headings, that cannot be read: what is wrong, and what would be right."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


def plain(text: str) -> str:
    """Return `text` in small letters with everything but letters and digits taken out."""
    return "".join(character for character in text.casefold() if character.isalnum())


def quoted(text: str, limit: int = 40) -> str:
    """Return `text` in quotes for a message: short, and with control characters made visible."""
    return repr(text if len(text) <= limit else text[: limit - 3] + "...")


Names = Mapping[str, tuple[str, ...]]

# Each text lists names that mean the column; where a file has names from several texts, the earlier
# text wins (a department's name is better than its code) and the other column is left out.
ROSTER_COLUMNS: Names = {
    "employee_id": (
        "employee_id employee_number employee_no employee_code emp_id emp_no staff_id staff_number "
        "worker_id person_id personnel_number",
        "id user_id employee",
    ),
    "level": (
        "level job_level management_level grade job_grade career_level",
        "rank band job_band",
    ),
    "department": (
        "department department_name dept dept_name",
        "department_id department_code dept_id dept_code",
        "business_unit business_unit_name organisation_unit organization_unit org_unit division",
        "job_function function practice team",
    ),
    "manager_id": (
        "manager_id supervisor_id manager_employee_id manager_number manager_emp_id "
        "line_manager_id reporting_manager_id reports_to_id boss_id",
        "manager supervisor line_manager reports_to",
    ),
    "site": ("site site_name office office_name location work_location", "city", "country"),
    "work_mode": ("work_mode work_arrangement work_model workplace_type",),
    "remote": ("remote is_remote remote_worker works_remotely",),
    "age": ("age age_years age_in_years current_age",),
    "birth_year": ("birth_year year_of_birth", "birth_date date_of_birth dob"),
    "age_band": ("age_band age_group age_range age_bracket",),
    "generation": ("generation generation_name",),
    "hire_date": (
        "hire_date last_hire_date start_date date_of_hire date_hired hired_on joining_date "
        "join_date",
        "original_hire_date first_hire_date",
    ),
    "tenure_months": ("tenure_months tenure_in_months months_at_company months_of_service",),
    "tenure_years": (
        "tenure_years tenure_in_years years_at_company years_of_service years_with_company "
        "seniority_years",
    ),
    "last_promotion_date": (
        "last_promotion_date date_of_last_promotion promotion_date last_promoted date_of_seniority "
        "seniority_date",
    ),
    "months_since_promotion": ("months_since_promotion months_since_last_promotion",),
    "years_since_promotion": ("years_since_promotion years_since_last_promotion",),
    "engagement": ("engagement engagement_score engagement_index",),
    "role": ("mentoring_role mentoring_type programme_role program_role", "role"),
    "is_mentor": ("is_mentor is_mentor_y_n",),
    "capacity": ("capacity mentor_capacity maximum_mentees max_mentees maximum_number_of_mentees",),
    "skills_have": ("skills_have skills_had skills_offered can_teach",),
    "skills_want": ("skills_want skills_wanted skills_needed wants_to_learn",),
    "exclude_ids": ("exclude_ids excluded_ids exclude do_not_pair_with never_pair_with",),
    "past_partner_ids": ("past_partner_ids past_partners previous_partners past_matches",),
    "must_pair_with": (
        "must_pair_with must_pair_ids fixed_partner_ids fixed_partner required_partner",
    ),
    "status": ("status employee_status employee_status_code employment_status",),
    "termination_date": (
        "termination_date date_of_termination leaving_date exit_date employment_end_date end_date",
    ),
}

TIES_COLUMNS: Names = {
    "source": ("source source_id from from_id",),
    "target": ("target target_id to to_id",),
}

SCALED = ("engagement", "skills_have", "skills_want")
"""Columns whose heading may state their scale, as in ``engagement_score_1_5``."""

LEVEL_WORDS: tuple[str, ...] = (
    "intern, trainee, apprentice",
    "entry, entry level, junior, assistant, analyst, graduate",
    "associate, staff, professional, specialist, consultant, individual contributor, mid level",
    "senior, senior associate, senior professional, senior specialist, senior consultant",
    "lead, team lead, supervisor, principal",
    "manager, middle management",
    "senior manager",
    "director, head, counsel",
    "senior director",
    "vice president, vp, partner, junior partner",
    "senior vice president, svp, executive vice president, evp, senior partner",
    "executive, c level, c suite, chief executive officer, ceo, president, managing partner",
)
"""Ladder of level words, lowest first; words in one text stand on the same rung."""
_RUNGS = {plain(word): rung for rung, line in enumerate(LEVEL_WORDS) for word in line.split(",")}

# Birth years of the generations, both ends included (EVIDENCE W-MIX).
GENERATIONS: Mapping[str, tuple[int, int]] = {
    "boomer": (1946, 1964),
    "gen_x": (1965, 1980),
    "millennial": (1981, 1996),
    "gen_z": (1997, 2012),
}
_GENERATION_WORDS = {
    **dict.fromkeys(("boomer", "boomers", "babyboomer", "babyboomers"), "boomer"),
    **dict.fromkeys(("genx", "generationx", "x"), "gen_x"),
    **dict.fromkeys(("millennial", "millennials", "geny", "generationy", "y"), "millennial"),
    **dict.fromkeys(("genz", "generationz", "z"), "gen_z"),
}
WORKING_AGES = (18.0, 70.0)
"""Where a band has no end, or reaches beyond working life, it is cut here (years)."""
PLAUSIBLE_AGES = (14.0, 100.0)
LARGEST_FILE = 500_000_000
"""Bytes; two million people with twenty columns need less."""


# --- headings -------------------------------------------------------------------------------------
def _stated_scale(heading: str) -> tuple[str, tuple[float, float] | None]:
    """Split a scale from the end of a heading: ``engagement_1_5`` -> ``engagement``, (1, 5)."""
    found = re.fullmatch(
        r"(.*?[^\W\d_])[\s_(\[-]+(\d{1,3})[\s_-]+(?:to[\s_-]+)?(\d{1,3})[)\]]?", heading
    )
    if found and int(found[2]) < int(found[3]):
        return found[1], (float(found[2]), float(found[3]))
    return heading, None


def _find_columns(
    headings: list[str], names: Names, required: Iterable[str]
) -> tuple[dict[str, int], list[int]]:
    """Return the position of each column that `headings` names, and the positions left out.

    Raises
    ------
    CellError
        If two headings mean the same column, or a required column is missing.
    """
    meanings = {
        plain(name): (column, rank)
        for column, ranks in names.items()
        for rank, text in enumerate(ranks)
        for name in text.split()
    }
    found: dict[str, tuple[int, int]] = {}
    for position, heading in enumerate(headings):
        column, rank = meanings.get(plain(heading), ("", 0))
        if not column:
            base, scale = _stated_scale(heading)
            column, rank = meanings.get(plain(base), ("", 0)) if scale else ("", 0)
            if column not in SCALED:
                continue
        best_rank, best = found.get(column, (rank + 1, position))
        if rank == best_rank:
            raise CellError(
                f"the columns {quoted(headings[best])} and {quoted(heading)} both mean {column}",
                "remove or rename one of them",
            )
        if rank < best_rank:
            found[column] = (rank, position)
    missing = [column for column in required if column not in found]
    if missing:
        raise CellError(*_missing_column(missing, headings, names))
    positions = {column: found[column][1] for column in names if column in found}
    used = set(positions.values())
    return positions, [position for position in range(len(headings)) if position not in used]


def _missing_column(missing: list[str], headings: list[str], names: Names) -> tuple[str, str]:
    """Say which columns are missing, by what names they would be known, and what there is."""
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
    return f"there is no column {' and no column '.join(missing)}", "; ".join([remedy, *near[:3]])


# --- cells ----------------------------------------------------------------------------------------
def read_number(low: float, high: float, unit: str = "") -> Callable[[str], float]:
    """Return a reader of numbers from `low` to `high` (in `unit`); a decimal comma will do."""
    remedy = f"give a number from {low:g} to {high:g} {unit}".rstrip() + ", or leave the cell empty"

    def read(text: str) -> float:
        # Two decimals at most after a comma: '1,250' may be a thousand, and no column needs one.
        if not re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{1,12}|,[0-9]{1,2})?", text):
            raise CellError(f"{quoted(text)} is not a number", remedy)
        value = float(text.replace(",", "."))
        if not low <= value <= high:
            raise CellError(f"{text} is out of range", remedy)
        return value

    return read


def read_whole_number(low: int, high: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from `low` to `high` (``3`` or ``3.0``)."""
    remedy = f"give a whole number from {low} to {high}, or leave the cell empty"

    def read(text: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,12}(\.0{1,6})?", text):
            raise CellError(f"{quoted(text)} is not a whole number", remedy)
        value = int(text.partition(".")[0])
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


def read_date(text: str) -> date:
    """Read ``2020-03-31``, ``2020/3/31`` or ``31.3.2020``, with or without a time after it."""
    remedy = "write dates as yyyy-mm-dd, for example 2020-03-31"
    text = re.sub(r"[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?Z?$", "", text)
    if re.fullmatch(r"[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{2,4}", text):
        raise CellError(f"{quoted(text)} can be read as day/month or as month/day", remedy)
    if found := re.fullmatch(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})", text):
        year, month, day = int(found[1]), int(found[3]), int(found[4])
    elif found := re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", text):
        year, month, day = int(found[3]), int(found[2]), int(found[1])
    else:
        raise CellError(f"{quoted(text)} is not a date", remedy)
    try:
        value = date(year, month, day)
    except ValueError:
        raise CellError(f"{quoted(text)} is not a day of the calendar", remedy) from None
    if not 1900 <= year <= 2200:
        raise CellError(f"{quoted(text)} is out of range", remedy)
    return value


def read_level(text: str) -> tuple[str, int]:
    """Return ("number", n) for ``3``, ``L3``, ``Grade 3``, or ("word", rung) for a known word."""
    number = r"(?:(?:level|grade|band|[lg])[\s_-]?)?([0-9]{1,9})(?:\.0{1,6})?"
    if found := re.fullmatch(number, text.casefold()):
        return "number", int(found[1])
    if plain(text) in _RUNGS:
        return "word", _RUNGS[plain(text)]
    ladder = " < ".join(line.split(",")[0] for line in LEVEL_WORDS)
    raise CellError(
        f"{quoted(text)} is not a known level",
        f"give whole numbers (1 is the lowest), or words such as {ladder}",
    )


def read_birth_year(start_year: int) -> Callable[[str], tuple[float, float]]:
    """Return a reader of birth years or dates that gives youngest and oldest age on 1 January."""
    remedy = (
        f"give a year in which somebody aged 14 to 100 in {start_year} was born, or leave it empty"
    )

    def read(text: str) -> tuple[float, float]:
        year = int(text) if re.fullmatch("[0-9]{4}", text) else read_date(text).year
        if not 15 <= start_year - year <= 100:
            raise CellError(f"birth year {year} is out of range", remedy)
        return float(start_year - year - 1), float(start_year - year)

    return read


def read_generation(start_year: int) -> Callable[[str], tuple[float, float]]:
    """Return a reader of generations that gives youngest and oldest working age on 1 January."""

    def read(text: str) -> tuple[float, float]:
        if plain(text) not in _GENERATION_WORDS:
            allowed = f"allowed: {', '.join(GENERATIONS)}; or leave it empty"
            raise CellError(f"{quoted(text)} is not a known generation", allowed)
        first, last = GENERATIONS[_GENERATION_WORDS[plain(text)]]
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
    if found := re.fullmatch(r"([0-9]{1,3}) ?(?:-|to) ?([0-9]{1,3})", words):
        low, high = float(found[1]), float(found[2]) + 1.0  # whoever is '39' is not yet 40
    elif found := re.fullmatch(r"(?:under|below|<) ?([0-9]{1,3})", words):
        low, high = _within_working_life(0.0, float(found[1]))
    elif found := re.fullmatch(
        r"(?:over|above|>|>=) ?([0-9]{1,3})|([0-9]{1,3}) ?(?:\+|and over|or over)", words
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


# --- files ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a file as columns of text, under the names of this project.

    Attributes
    ----------
    file
        As the planner named it.
    lines
        Line on which each row begins, counted from 1.
    cells
        Texts of each known column that the file has, without surrounding blanks.
    headings
        What the file calls each known column.
    left_out
        Headings of the columns that were not read.
    """

    file: str
    lines: tuple[int, ...]
    cells: Mapping[str, tuple[str, ...]]
    headings: Mapping[str, str]
    left_out: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.lines)

    def __contains__(self, column: str) -> bool:
        return column in self.cells

    def only(self, rows: Sequence[int]) -> Rows:
        """Return the given rows alone."""
        cells = {name: tuple(texts[row] for row in rows) for name, texts in self.cells.items()}
        lines = tuple(self.lines[row] for row in rows)
        return Rows(self.file, lines, cells, self.headings, self.left_out)

    def texts(self, column: str) -> tuple[str, ...]:
        """Return the cells of a column, empty if the file does not have it."""
        return self.cells.get(column, ("",) * len(self))

    def read(self, column: str, reader: Callable[[str], Value], missing: Value) -> list[Value]:
        """Return the values of a column, `missing` where the cell is empty.

        Equal texts are read once and share their value.
        """
        values: dict[str, Value] = {"": missing}
        failures: dict[str, CellError] = {}
        texts = self.texts(column)
        for text in dict.fromkeys(texts):
            if text:
                try:
                    values[text] = reader(text)
                except CellError as error:
                    failures[text] = error
        if failures:
            first = next(iter(failures.values()))
            same = {text for text, error in failures.items() if error.remedy == first.remedy}
            self.fail(
                column,
                [row for row, text in enumerate(texts) if text in same],
                first.problem,
                first.remedy,
            )
        return [values[text] for text in texts]

    def fail(self, column: str, rows: Sequence[int], problem: str, remedy: str) -> NoReturn:
        """Raise the error for the first of `rows`, saying how many more have the same problem."""
        if len(rows) > 1:
            others = f"{len(rows) - 1:,} more row{'s' if len(rows) > 2 else ''}"
            problem = f"{problem} (and {others} with the same problem)"
        line = self.lines[rows[0]]
        raise InputError(problem, remedy=remedy, file=self.file, line=line, key=self.key(column))

    def key(self, column: str) -> str:
        """Return how a message names a column: by the heading of the file, and by ours."""
        heading = self.headings.get(column, column)
        return column if heading == column else f"{quoted(heading)} ({column})"

    def scale(self, column: str) -> tuple[float, float] | None:
        """Return the scale that the heading of a column states, if it does."""
        return _stated_scale(self.headings.get(column, ""))[1]


def read_rows(path: str | Path, names: Names, required: Iterable[str]) -> Rows:
    """Read a comma, semicolon or tab separated file in UTF-8 whose first row names the columns.

    Rows without any content are skipped.

    Raises
    ------
    InputError
        If the file cannot be read as a table, or its headings cannot be understood.
    """
    file = str(path)
    text = _read_text(path, file)
    first_row = re.split(r"[\r\n]", text.lstrip(), maxsplit=1)[0]
    delimiter = max(",;\t", key=re.sub('"[^"]*"', "", first_row).count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[int] = []
    table: list[list[str]] = []
    while True:
        line = reader.line_num + 1
        try:
            row = [cell.strip() for cell in next(reader)]
        except StopIteration:
            break
        except csv.Error as error:
            raise InputError(
                f"the row that begins here cannot be taken apart ({error})",
                remedy="look for a quotation mark that is not closed or not doubled",
                file=file,
                line=line,
            ) from None
        if any(row):
            if table and len(row) != len(table[0]):
                raise InputError(
                    f"the row has {len(row)} cells, but the heading has {len(table[0])}",
                    remedy=f"put cells that contain {quoted(delimiter)} into quotation marks",
                    file=file,
                    line=line,
                )
            lines.append(line)
            table.append(row)
    if not table:
        remedy = "the first row must name the columns, each further row holds one entry"
        raise InputError("the file is empty", remedy=remedy, file=file)
    headings = table[0]
    try:
        positions, others = _find_columns(headings, names, required)
    except CellError as error:
        raise InputError(error.problem, remedy=error.remedy, file=file, line=lines[0]) from None
    by_column = list(zip(*table[1:], strict=True)) or [()] * len(headings)
    return Rows(
        file,
        tuple(lines[1:]),
        {name: by_column[position] for name, position in positions.items()},
        {name: headings[position] for name, position in positions.items()},
        tuple(headings[position] for position in others if headings[position]),
    )


def _read_text(path: str | Path, file: str) -> str:
    """Return the contents of an ordinary, non-empty text file in UTF-8."""
    try:
        kind = Path(path).stat()
        if stat.S_ISDIR(kind.st_mode):
            raise InputError("this is a folder", remedy="name a CSV file in it", file=file)
        if not stat.S_ISREG(kind.st_mode):
            raise InputError("this is not an ordinary file", remedy="name a CSV file", file=file)
        if kind.st_size > LARGEST_FILE:
            problem = f"the file has {kind.st_size / 1e6:,.0f} MB"
            remedy = f"at most {LARGEST_FILE / 1e6:,.0f} MB are read; is this the right file?"
            raise InputError(problem, remedy=remedy, file=file)
        data = Path(path).read_bytes()
    except FileNotFoundError:
        remedy = "check the path; in a scenario it is relative to the scenario file"
        raise InputError("there is no such file", remedy=remedy, file=file) from None
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        remedy = "check the path and the permissions of the file"
        raise InputError(f"the file cannot be read ({reason})", remedy=remedy, file=file) from None
    as_csv = "in a spreadsheet, save it as 'CSV UTF-8'"
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise InputError("this is a workbook, not a text file", remedy=as_csv, file=file)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("this is UTF-16 text, not UTF-8", remedy=as_csv, file=file)
    if (position := data.find(b"\0")) >= 0:
        line = data.count(b"\n", 0, position) + 1
        raise InputError("there is a NUL byte in the text", remedy=as_csv, file=file, line=line)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # error.object is what follows a byte order mark, error.start counts from there.
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = f"byte 0x{error.object[error.start]:02x} is not UTF-8 text"
        raise InputError(problem, remedy=as_csv, file=file, line=line) from None
    return text
