"""A study of one's own: do pairs at one site get on better than pairs at two? (M-DIST: no difference.)

Run it with ``mentorsim validate --extension distance.py --study same_site``.
"""

import numpy as np

from sim.studies import Study, add_study
from sim.studies.statistics import standardised_difference


def same_site(work):
    """Difference in relationship quality, in standard deviations, of 300 pairs asked once."""
    firm = work.firm
    formal = (firm.pairs["kind"] == 1) & (firm.pairs["held"] >= 3)
    rows = work.sample(formal, size=300)
    quality = work.measured(firm.pairs["quality_end"][rows], reliability=0.85, question=1)
    sites = [firm.of(firm.pairs[who][rows], "site") for who in ("mentor", "mentee")]
    together = np.equal(*sites)
    return standardised_difference(quality[together], quality[~together])


add_study(
    Study(
        name="same_site",
        title="Relationship quality, same site less two sites",
        unit="SD",
        kind="groups",
        published=0.0,
        low=-0.2,
        high=0.2,
        source="M-DIST",
        mark="V (direction)",
        sample="300 pairs (size assumed)",
        statistic=same_site,
        settings={
            "organisation": {"employees": 1000, "sites": {"north": 0.6, "south": 0.4}},
            "programme": {"policy": "random", "start_month": 12, "places": 0.25},
        },
        misses="Pairs at two sites miss more meetings in the model, and quality grows at meetings.",
    )
)
