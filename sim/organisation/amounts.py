"""Amounts of money as people write them, and what is implausible about a salary.

The one place where it is decided how ``38,000``, ``38.000,50 €``, ``EUR 38 000`` and ``38k`` are read, and when a
salary is asked about: scenario files, ``mentorsim check``, staff lists and the app all use it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

__all__ = ["HOURLY", "Amount", "currency_in", "doubt_about_salary", "read_amount", "whole_text"]

_CODES = (
    "aed ars aud bgn brl cad chf clp cny cop czk dkk egp eur gbp hkd huf idr ils inr isk jpy kes krw mad mxn myr "
    "ngn nok nzd pen php pkr pln ron rsd rub sar sek sgd thb try twd uah usd vnd zar"
)
_WORDS = {
    **{code: code.upper() for code in _CODES.split()},
    **dict.fromkeys(("euro", "euros"), "EUR"),
    **dict.fromkeys(("dollar", "dollars", "us$"), "USD"),
    **dict.fromkeys(("pound", "pounds", "sterling"), "GBP"),
    **dict.fromkeys(("franken", "francs", "sfr", "fr"), "CHF"),
    **dict.fromkeys(("rupees", "rs", "inr"), "INR"),
    **dict.fromkeys(("kronor", "kroner", "kr"), "kr"),
    **dict.fromkeys(("yen",), "JPY"),
    **dict.fromkeys(("pesos",), "pesos"),
    **dict.fromkeys(("zl", "zł", "zloty", "zlotych"), "PLN"),
    "r$": "BRL",
}
_SIGNS = {"€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₺": "TRY", "₽": "RUB"}
_THOUSANDS = ("k", "tsd", "thousand", "mil")
_PERIODS = {
    "year": "year yearly annual annually annum pa p.a. yr jahr jahrlich jahres an ans annuel annee ano anual jaar jaarlijks",
    "month": "month monthly mth mo pm p.m. monat monatlich mois mensuel mes mensual maand maandelijks",
    "hour": "hour hourly hr h std stunde stundlich heure horaire hora uur",
}
_PERIOD_OF = {word: period for period, words in _PERIODS.items() for word in words.split()}
_JOINING = frozenset(
    [
        "per",
        "a",
        "an",
        "the",
        "pro",
        "par",
        "por",
        "al",
        "im",
        "je",
        "le",
        "la",
        "de",
        "in",
        "of",
        "and",
        "brutto",
        "gross",
        "brut",
        "bruto",
        "net",
        "netto",
    ]
)

_STRONG = frozenset(("EUR", "USD", "GBP", "CHF", "CAD", "AUD", "NZD", "SGD"))
"""Currencies of which a million is no yearly salary."""
_THOUSAND_WORDS = re.compile(
    r"^(k|t|tsd|thousand|thousands|1000|1,000|1\.000)\b|^(?-i:k(?=[A-Z€£$]))", re.IGNORECASE
)
HOURLY, MONTHLY, LARGEST = 1_000.0, 8_000.0, 1_000_000.0
"""Below the first nobody is paid for a year, below the second it may well be a month's pay (a year's in few
currencies); above the third a salary in one of the strong currencies is rather in cents, or a sum of several."""


class Amount(NamedTuple):
    """A sum of money: its value, its currency and what it is for, the latter two "" where not said.

    `period` is ``year``, ``month`` or ``hour``.
    """

    value: float
    currency: str = ""
    period: str = ""


def read_amount(text: str) -> Amount | None:
    """Return the amount that a text states, or None where it states none, or is unclear.

    Three digits behind a comma, point, blank or apostrophe are thousands, one or two are a decimal part; a `k`
    stands for thousands. Words of currencies and of periods may stand around it.
    """
    text = unicodedata.normalize("NFKC", text.replace("\u2019", "'")).strip().replace("\u2212", "-")
    found = re.search(r"[-+]?[0-9](?:[0-9.,' ]*[0-9])?", text)
    if found is None or len(text) > 60:
        return None
    around = f"{text[: found.start()]} {text[found.end() :]}"
    if re.search(r"[0-9]", around):
        return None
    value = _number(found.group())
    told = _told(around)
    if value is None or told is None:
        return None
    currency, period, factor = told
    return Amount(value * factor, currency, period)


def _number(text: str) -> float | None:
    """``1,234.50``, ``1.234,50``, ``1 234``, ``38.000``, ``38,5``; None where marks stand in odd places."""
    sign = -1.0 if text.startswith("-") else 1.0
    text = text.lstrip("+-")
    if re.fullmatch(r"[0-9]{1,15}", text):
        return sign * float(text)
    for mark, point in ((",", "."), (".", ","), (" ", ".,"), ("'", ".,")):
        whole = rf"[1-9][0-9]{{0,2}}(?:{re.escape(mark)}[0-9]{{3}})+"
        if found := re.fullmatch(rf"({whole})(?:[{re.escape(point)}]([0-9]{{1,2}}))?", text):
            return sign * float(f"{found[1].replace(mark, '')}.{found[2] or 0}")
    # India groups lakhs by two digits.
    if re.fullmatch(r"[1-9][0-9]?(?:,[0-9]{2})*,[0-9]{3}(?:\.[0-9]{1,2})?", text):
        return sign * float(text.replace(",", ""))
    if re.fullmatch(r"[0-9]{1,15}[.,][0-9]{1,10}", text):
        return sign * float(text.replace(",", "."))
    return None


def _told(around: str) -> tuple[str, str, float] | None:
    """Currency, period and factor that the words around a number say; None if there are others."""
    currency, period, factor = "", "", 1.0
    folded = unicodedata.normalize("NFKD", around.casefold())
    folded = "".join(one for one in folded if not unicodedata.combining(one))
    for word in re.findall(r"(?:us|r)\$|[^\W\d_](?:[^\W\d_]|\.(?=[^\W\d_]))*\.?|[^\w\s]", folded):
        bare = word.rstrip(".")
        if word in _WORDS or bare in _WORDS:
            currency = _WORDS.get(word) or _WORDS[bare]
        elif word in _PERIOD_OF or bare in _PERIOD_OF:
            period = _PERIOD_OF.get(word) or _PERIOD_OF[bare]
        elif bare in _THOUSANDS:
            factor = 1_000.0
        elif word == "$":
            currency = currency or "$"
        elif len(word) == 1 and unicodedata.category(word) == "Sc":
            currency = _SIGNS.get(word, word)
        elif bare not in _JOINING and word not in ("/", "-", "(", ")", ",", ":", "~"):
            return None
    return currency, period, factor


def currency_in(text: str) -> str:
    """The currency that a heading names, such as ``Salary (EUR)``; "" if none."""
    for code in re.findall(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])", text):
        if code.casefold() in _CODES.split():
            return str(code)
    return next((name for sign, name in {**_SIGNS, "$": "$"}.items() if sign in text), "")


def whole_text(value: float) -> str:
    """A sum with commas, and with cents only where it has some."""
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"


def doubt_about_salary(salary: float, currency: str = "") -> str:
    """What is implausible about a yearly salary, as a question with what would be right; "" if nothing is.

    A currency such as ``thousand EUR`` says that prices are in thousands; nothing is then asked.
    """
    if salary == 0.0 or _THOUSAND_WORDS.search(currency.strip()):
        return ""
    unit = f" {currency}" if currency else ""
    said = f"a yearly salary of {whole_text(salary)}{unit}"
    if salary < HOURLY:
        thousands = f"{salary * 1000:.0f}"
        return (
            f"Is {said} meant? If it is in thousands, write {thousands}; if it is pay per hour, some {salary * 2080:.0f} "
            "(52 weeks of 40 hours)"
            + (
                f'; if all prices are in thousands, currency = "thousand{unit}"'
                if salary >= 5.0
                else ""
            )
            + "."
        )
    if salary < MONTHLY:
        return f"Is {said} meant? If it is pay per month, a year is {salary * 12:.0f}."
    if salary > LARGEST and currency.strip().upper() in _STRONG:
        return f"Is {said} meant? If it is in cents, write {salary / 100:.0f}."
    return ""
