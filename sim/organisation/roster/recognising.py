"""Columns whose headings are not known by name, recognised by a word of the heading and by what they hold.

No list of headings is ever complete, and a column of states that is passed over puts leavers on the staff. So
a column that is still unread is taken where its cells leave no doubt: words of employment, people of this very
file, unique ids. What was taken for what is always said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from sim.organisation.roster.cells import duration_in, number_in
from sim.organisation.roster.dates import is_no_date, year_of
from sim.organisation.roster.findings import listed, quoted
from sim.organisation.roster.headings import plain
from sim.organisation.roster.managers import Directory
from sim.organisation.roster.reading import Table
from sim.organisation.roster.rows import Rows
from sim.organisation.roster.staff import canonical_id, state_of
from sim.organisation.roster.words import ACTIVE, ROLES, RUNGS, UNKNOWN, WORK_MODES

__all__ = ["with_recognised_columns"]

_MOST_WORDS = 40
"""Different texts above which a column holds no states, roles or ways of working."""
_MOST = 0.6
"""Share of the cells that must be people of the file for a column to name managers."""

_WORDS: Mapping[str, str] = {
    "employee_id": r"id|ids|no|nr|num|number|nbr|code|kennung|nummer|matricule|codigo|codice|ref|reference",
    "level": r"grade|band|level|seniority|stufe|ebene|niveau|nivel|livello|echelon|schaal|rank|hierarchy|entgeltgruppe|besoldungsgruppe|tarifgruppe|vergutungsgruppe|lohngruppe|gehaltsgruppe",
    "department": r"department|dept|division|directorate|abteilung|departement|departamento|afdeling|reparto"
    r"|dipartimento|faculty|unit|org|organisation|organization|cost",
    "job_title": r"title|position|job|designation|puesto|cargo|functie|stelle|mansione",
    "site": r"location|site|office|standort|sede|vestiging|based|workplace|lieu|ubicacion",
    "hire_date": r"hire|hired|hiring|join|joined|joining|doj|entry|onboarding|eintritt|einstellung|embauche|entree"
    r"|ingreso|alta|assunzione|admissao|dienst|start",
    "termination_date": r"terminat\w*|resign\w*|separation|leaving|left|exit|relieving|austritt|sortie|depart|baja"
    r"|salida|cessazione|dimission\w*|demissao|desligamento|uit",
    "manager": r"manager|managers|supervisor|boss|reports|reporting|report|vorgesetzt\w*|fuhrungskraft|responsable"
    r"|responsabile|jefe|chef|superior|superieur|leidinggevende|gestor|head|lead|leader|hod|resp|mgr|supv",
    "status": r"status|state|statut|estado|stato|situacao|situacion|zustand|lifecycle",
    "tenure_years": r"tenure|service|seniority|anciennete|antiguedad|anzianita|betriebszugehorigkeit|diensttijd",
}
_NOT_MANAGERS = re.compile(
    r"\b(mentors?|mentees?|coach|buddy|hr|hrbp|partners?|recruiters?|assistants?|deputy|backup|delegate|interviewer"
    r"|referred|referrer|created|modified|updated|approver|user|requester|spouse|emergency|contact|second|dotted"
    r"|matrix|previous|former|skip|years?|months?|since|with|time|ratings?|scores?|satisfaction|relationship|changes?"
    r"|hiring|project|product|account|case|counts?|quality|support|feedback|training|is)\b"
)
_NOT_HIRED = re.compile(
    r"\b(leave|absence|position|job|role|grade|level|band|probation|shift|programme|program|project|course|training"
    r"|uit|exit|leaving|termination|review|salary|pay)\b"
)
"""Words of headings whose days are not those of the hire."""
_FORMS: tuple[tuple[str, str], ...] = (
    (r"(how many|max\w*|number).*mentees?|mentees? (could|can|would) you", "capacity"),
    (r"(like|want|wish|sign(ing)? up|apply\w*|register\w*|participate|join\w*).*(as|be|role)\b|mentor or", "role"),
    (r"e-?mail", "email"),
    (r"(full|your|first and last) name|\bname\b.*\?", "name"),
    (r"(line )?manager|report to|supervisor|boss", "manager_id"),
    (r"\b(grade|level|band|seniority)\b", "level"),
    (r"\b(department|team|division|business unit|function|directorate|faculty)\b", "department"),
    (r"where.*(based|work|located|sit)|\b(office|location|site|campus)\b", "site"),
    (r"how long|how many years", "tenure_years"),
    (r"job title|\b(role|position|job)\b", "job_title"),
)  # fmt: skip
"""Questions of sign-up forms, in the order in which they are tried."""
_ASKS = re.compile(r"\?|^(what|which|where|when|who|how|i |do you|would you|please|your )", re.I)


def with_recognised_columns(rows: Rows, table: Table) -> Rows:
    """Return the rows with the columns that were not known by heading but can be told by what they hold."""
    if not len(rows):
        return rows
    look = _Look(rows, table)
    look.correct()
    look.name_by_references()
    for find in (
        _questions,
        _states,
        _dates,
        _words,
        _roles,
        _durations,
        _managers,
        _ids,
        _managers,
    ):
        for column, position in find(look):
            look.take(column, position)
    if look.taken:
        shown = listed([f"{quoted(heading)} as {column}" for heading, column in look.taken], 12)
        rows.findings.note(
            f"Columns: not known by their headings, but by their words and cells, are {shown}. Rename or delete what is "
            "something else."
        )
    return look.rows


class _Look:
    """Rows as they are completed, and the columns of the table that are still unread."""

    def __init__(self, rows: Rows, table: Table) -> None:
        self.rows, self.table = rows, table
        self.taken: list[tuple[str, str]] = []
        self.open = {
            position: heading
            for position, heading in enumerate(table.headings)
            if heading and heading in rows.left_out
        }

    def correct(self) -> None:
        """Days under a heading such as ``Left``, which holds yes and no elsewhere, are days of leaving."""
        self._statuses_that_are_levels()
        texts = self.rows.texts("gone")
        if not self.needs("termination_date") or not _mostly(
            [one for one in texts if one], _is_date
        ):
            return
        heading = self.rows.headings["gone"]
        self.rows = self.rows.without("gone").added("termination_date", heading, texts)

    def _statuses_that_are_levels(self) -> None:
        """A status such as ``Cadre`` is a level."""
        words = {text for text in self.rows.texts("status") if text}
        if not self.needs("level") or not 1 < len(words) <= _MOST_WORDS:
            return
        if all(state_of(word) == UNKNOWN and plain(word) in RUNGS for word in words):
            heading, texts = self.rows.headings["status"], self.rows.texts("status")
            self.rows = self.rows.without("status").added("level", heading, texts)
            self.taken.append((heading, "level"))

    def name_by_references(self) -> None:
        """Of several columns of unique numbers the one that managers are named by is that of the ids."""
        managers = {canonical_id(text) for text in self.rows.texts("manager_id") if text}
        if not managers or not self.rows.filled("employee_id"):
            return
        own = {canonical_id(text) for text in self.rows.texts("employee_id")}
        if len(managers & own) > 0.1 * len(managers):
            return
        for position, heading in list(self.open.items()):
            cells = self.table.columns[position]
            if _unique(cells) and 2 * len(managers & {*map(canonical_id, cells)}) > len(managers):
                self.open.pop(position)
                self.taken.append((heading, "employee_id"))
                self.rows = self.rows.without("employee_id").added("employee_id", heading, cells)
                return

    def needs(self, column: str) -> bool:
        """Whether nothing is on file under the column yet."""
        return not self.rows.filled(column)

    def words(self, position: int) -> str:
        """The heading in small letters without accents, words apart."""
        spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", self.open[position]).replace("#", " number ")
        return " ".join(plain(word) for word in re.split(r"[\W_]+", spaced) if word)

    def has_word(self, position: int, column: str) -> bool:
        """Whether a word of the heading means the column."""
        return re.search(rf"\b({_WORDS[column]})\b", self.words(position)) is not None

    def texts(self, position: int) -> list[str]:
        """Cells that are not empty."""
        return [text for text in self.table.columns[position] if text]

    def take(self, column: str, position: int) -> None:
        """Read a column of the table under one of our names, if both are still free."""
        if position not in self.open or not self.needs(column):
            return
        heading = self.open.pop(position)
        self.rows = self.rows.added(column, heading, self.table.columns[position])
        self.taken.append((heading, column))


Found = Iterator[tuple[str, int]]


def _questions(look: _Look) -> Found:
    """Questions of a sign-up form in the place of headings."""
    for position, heading in list(look.open.items()):
        if not _ASKS.search(heading.strip()):
            continue
        text = heading.casefold()
        for pattern, column in _FORMS:
            if re.search(pattern, text) and look.needs(column):
                if column != "role" or _all_in(look.texts(position), ROLES):
                    yield column, position
                break


def _states(look: _Look) -> Found:
    """Words of employment: where the heading speaks of a state most must be known, elsewhere all."""
    if not look.needs("status"):
        return
    best: list[tuple[float, int]] = []
    for position in look.open:
        counts = Counter(look.texts(position))
        if not 1 <= len(counts) <= _MOST_WORDS:
            continue
        states = {text: state_of(text) for text in counts}
        known = sum(counts[text] for text, state in states.items() if state != UNKNOWN)
        share = known / counts.total()
        words = look.words(position)
        if re.search(
            r"marital|visa|tax|vaccin|veteran|background|onboarding|review|family|health", words
        ):
            continue
        said = look.has_word(position, "status")
        telling = len(set(states.values()) - {UNKNOWN}) > 1 and ACTIVE in states.values()
        letters = all(len(text) == 1 or text.isdigit() for text in counts)
        if (said and share >= 0.5 and not (letters and not telling)) or (
            share == 1.0 and telling and not letters
        ):
            best.append((share + said, position))
    if best:
        yield "status", max(best, key=lambda one: (one[0], -one[1]))[1]


def _dates(look: _Look) -> Found:
    """Dates of hire and of leaving."""
    for column in ("hire_date", "termination_date"):
        if not look.needs(column):
            continue
        for position in look.open:
            words = look.words(position)
            if column == "hire_date" and _NOT_HIRED.search(words):
                continue
            if look.has_word(position, column) and _mostly(look.texts(position), _is_date):
                yield column, position
                break


def _words(look: _Look) -> Found:
    """Levels, departments, titles and sites whose heading has a word that means them."""
    for column in ("level", "department", "job_title", "site"):
        if not look.needs(column):
            continue
        for position in list(look.open):
            texts = look.texts(position)
            words = look.words(position)
            several = 1 < len(set(texts)) <= max(60, len(texts) // 3)
            misread = re.search(r"\b(date|since|years?|months?|time|salary|pay|english|education|previous|former|number|code|id|count|satisfaction|rating|score|risk|involvement)\b", words)  # fmt: skip
            if not texts or misread or not look.has_word(position, column):
                continue
            if _mostly(texts, _is_date) or (column == "level" and not several):
                continue
            if (
                column == "level"
                and "seniority" in words
                and not _mostly(texts, lambda text: number_in(text) is None)
            ):
                continue  # years of service
            if column == "level" and re.search(r"\b(org|organi[sz]ation|unit|department)\b", words):
                continue
            if column == "department" and len(set(texts)) < 2 < len(texts):
                continue
            if column != "level" and _mostly(texts, lambda text: number_in(text) is not None):
                continue
            if 2 * len(texts) >= len(look.rows):
                yield column, position
                break


def _roles(look: _Look) -> Found:
    """Roles in a programme, and ways of working: every word must be known, and one must be telling."""
    telling = {key for key, code in ROLES.items() if code in (1, 2)}
    remote = {key for key, code in WORK_MODES.items() if code > 0}
    for column, words, told in (("role", ROLES, telling), ("work_mode", WORK_MODES, remote)):
        for position in look.open:
            texts = set(look.texts(position))
            if (
                1 < len(texts) <= 10
                and _all_in(texts, words)
                and {plain(text) for text in texts} & told
            ):
                yield column, position
                break


def _durations(look: _Look) -> Found:
    """Time of service that says its unit itself (``3y 4m``), or has decimals, as years have."""
    if not (look.needs("tenure_years") and look.needs("tenure_months")):
        return
    for position in look.open:
        texts = look.texts(position)
        if not texts or not look.has_word(position, "tenure_years"):
            continue
        numbers = [number_in(text) for text in texts if duration_in(text) is None]
        known = [number for number in numbers if number is not None]
        decimals = (
            any(not number.is_integer() for number in known) and max(known, default=0.0) <= 60.0
        )
        if len(known) == len(numbers) and (not numbers or decimals):
            yield "tenure_years", position
            return


def _managers(look: _Look) -> Found:
    """A column that names people of this very file, other than those of the row."""
    columns = ("manager_id", "manager_name", "manager_email")
    if any(not look.needs(column) for column in columns) or len(look.rows) < 3:
        return
    candidates = [
        position for position in look.open if not _NOT_MANAGERS.search(look.words(position))
    ]  # fmt: skip
    directory: Directory | None = None
    best: list[tuple[bool, float, int]] = []
    for position in candidates:
        cells = look.table.columns[position]
        filled = [(row, text) for row, text in enumerate(cells) if text]
        different = {text for _, text in filled}
        if len(filled) < 0.4 * len(cells) or not 1 <= len(different) < 0.75 * len(filled):
            continue
        said = look.has_word(position, "manager")
        if not said and all(number_in(text) is not None for text in different):
            continue  # numbers that happen to be ids, too
        directory = directory or Directory(look.rows)
        sample = filled[:: max(1, len(filled) // 400)]
        found = [(row, directory.find(text)) for row, text in sample]
        others = sum(one >= 0 and one != row for row, one in found) / len(found)
        if others >= _MOST:
            best.append((said, others, -position))
    if best:
        yield "manager_id", -max(best)[2]


def _ids(look: _Look) -> Found:
    """Unique numbers or codes by which managers are named, or whose heading says that they are."""
    if not look.needs("employee_id"):
        return
    managers = [text for text in look.rows.texts("manager_id") if text]
    named = {canonical_id(text) for text in managers}
    named |= {canonical_id(text.split()[0]) for text in managers}
    names = look.rows.texts("name")
    if (
        look.rows.filled("name")
        and _unique(names)
        and all(re.search(r"\d", text) for text in names)
    ):
        position = look.table.headings.index(look.rows.headings["name"])
        look.open[position] = look.rows.headings["name"]
        look.rows = look.rows.without("name")
        yield "employee_id", position
        return
    by_word: list[int] = []
    for position in look.open:
        cells = look.table.columns[position]
        if not _unique(cells) or any(len(text) > 60 for text in cells[:50]):
            continue
        ids = {canonical_id(text) for text in cells}
        if named and 2 * len(named & ids) > len({*map(canonical_id, managers)}):
            yield "employee_id", position
            return
        private = re.search(
            r"phone|mobile|ssn|social|tax|bank|iban|passport|fiscal|national|zip|postal",
            look.words(position),
        )
        if look.has_word(position, "employee_id") and not private:
            by_word.append(position)
    if by_word and not named:
        yield "employee_id", by_word[0]


def _unique(cells: Sequence[str]) -> bool:
    return all(cells) and len(set(cells)) == len(cells)


def _all_in(texts: Sequence[str] | set[str], words: Mapping[str, int]) -> bool:
    return bool(texts) and all(plain(text) in words for text in texts)


def _mostly(texts: Sequence[str], test: Callable[[str], bool]) -> bool:
    """Whether nine of ten different texts pass a test; a sample of them is looked at."""
    sample = list(dict.fromkeys(texts))[:200]
    return bool(sample) and sum(map(test, sample)) >= 0.9 * len(sample)


def _is_date(text: str) -> bool:
    if len(text) == 4:
        return text.isascii() and text.isdigit() and 1950 <= int(text) <= 2100
    return is_no_date(text) or (len(text) > 4 and year_of(text, 50) is not None)
