"""The draft pair list of a desk with a staff list."""

from __future__ import annotations

from sim.app.desk import Desk
from sim.errors import InputError
from sim.files import neutralised
from sim.pair_lists.making import make_list
from sim.pair_lists.request import PairRequest, refuse_judgements
from sim.pair_lists.tables import pairs_table

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
    refuse_judgements(settings["programme"]["policy"])
    found = make_list(desk.understood.roster, settings, PairRequest(), seed=scenario.seed)
    table = neutralised(pairs_table(found))
    return str(table.to_csv(index=False, lineterminator="\n"))
