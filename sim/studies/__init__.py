"""Virtual studies: published designs as code, to be carried out on simulated firms (:func:`sim.validate`)."""

from sim.studies.catalogue import STUDIES, add_study
from sim.studies.fieldwork import Fieldwork
from sim.studies.study import Study

__all__ = ["STUDIES", "Fieldwork", "Study", "add_study"]
