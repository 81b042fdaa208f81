"""The draft pair list of a desk with a staff list."""

from __future__ import annotations

from importlib import import_module

from sim.app.desk import Desk
from sim.errors import InputError
from sim.files import neutralised

__all__ = ["pair_list"]


def pair_list(desk: Desk, variant: str = "") -> str:
    """The draft pairs of one programme as CSV, with reasons and alternatives, neutralised for spreadsheets.

    Parameters
    ----------
    variant
        Name of the programme; by default the first that is compared.

    Raises
    ------
    InputError
        Without a staff list, and where no list can be made.
    """
    if desk.understood is None or desk.understood.roster is None:
        raise InputError("there is no staff list", remedy="upload one, and pairs can be drafted")
    scenario = desk.scenario()
    settings = scenario.variant(variant or None).settings
    try:
        making, tables, request = (
            import_module(f"sim.pair_lists.{name}") for name in ("making", "tables", "request")
        )
    except ModuleNotFoundError:
        raise InputError("no pair list can be made in this version") from None
    found = making.make_list(
        desk.understood.roster, settings, request.PairRequest(), seed=scenario.seed
    )
    text: str = neutralised(tables.pairs_table(found)).to_csv(index=False, lineterminator="\n")
    return text
