"""Virtual studies: published designs as code, carried out on simulated firms, beside the published figure."""

from sim.studies.fieldwork import Fieldwork
from sim.studies.published import STUDIES
from sim.studies.study import Study, add_study
from sim.studies.validation import Validation, validate

__all__ = ["STUDIES", "Fieldwork", "Study", "Validation", "add_study", "validate"]
