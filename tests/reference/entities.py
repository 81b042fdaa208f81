"""What the model is made of: people, pairs, posts, departments, skills."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import mesa

if TYPE_CHECKING:
    from reference.model import ReferenceModel


@dataclass(frozen=True)
class Skill:
    """Something that people can know: its kind, weight, and how it comes and goes."""

    index: int
    name: str
    kind: str
    weight: float
    decay: float
    practice: float
    entry: float
    grows_by_mentoring: bool


@dataclass(eq=False)
class Department:
    """A part of the firm; its posts stand next to each other."""

    index: int
    posts: list[Post] = field(default_factory=list)
    emphasis: list[float] = field(default_factory=list)
    awareness: float = 0.0
    stories: float = 0.0
    told: float = 0.0
    heads: int = 0
    leaders: int = 0
    climate: float = 0.0
    room: float = 0.0
    usual: list[float] = field(default_factory=list)
    home_site: int = 0


@dataclass(eq=False)
class Post:
    """A place in the organisation chart, held by a person or vacant.

    At a vacancy waits the slot of whoever is hired where the chain of promotions ends.
    """

    index: int
    level: int
    department: Department
    boss: Post | None
    site: int
    reports: int = 0
    person: Person | None = None
    vacant_since: int = 0
    recent_quits: float = 0.0
    waiting_slot: int | None = None


@dataclass(eq=False)
class Pair:
    """A mentoring relationship. ``aims_mentee`` are the skills that the mentee is to learn."""

    mentor: Person
    mentee: Person
    formal: bool
    two_way: bool
    direction: str
    influence: bool
    begun: int
    planned_end: int
    aims_mentee: frozenset[int]
    aims_mentor: frozenset[int]
    quality: float
    similarity: float
    chemistry: float
    training: float
    say: float
    score: float
    level_gap: int
    age_gap: int
    first_quality: float = 0.0
    mentee_gain: float = 0.0
    mentor_gain: float = 0.0
    met_now: int = 0
    planned_now: int = 0
    held: int = 0
    missed: int = 0
    silent: int = 0
    taught_out: bool = False
    ending: int = 0


class Person(mesa.Agent):
    """An employee, from the day of hire to the day of leaving.

    A slot is a chair: its persons follow one another, and (slot, holder) names each of them for
    ever. Whoever has left stays in the chair as its last person until somebody else takes it.
    """

    model: ReferenceModel

    def __init__(self, model: ReferenceModel, slot: int, holder: int, post: Post) -> None:
        super().__init__(model)
        self.slot = slot
        self.holder = holder
        self.number = 0
        self.active = True
        self.left_now = 0
        self.post = post
        # Who the person is.
        self.birth_month = 0
        self.hire_month = 0
        self.level_month = 0
        self.year_level = 0
        self.work_mode = 0
        self.values: list[float] = []
        self.mentoring_ability = 0.0
        self.humility = 0.0
        self.growth_need = 0.0
        self.propensity = 0.0
        self.baseline_engagement = 0.0
        self.settledness = 0.0
        self.initiative = 0.0
        # What a roster says about the person's part in a programme.
        self.mentoring_role: str | None = None
        self.own_capacity: int | None = None
        self.keeps_apart: set[Person] = set()
        self.goals: frozenset[int] = frozenset()
        # How the person is.
        self.engagement = 0.0
        self.confidence = 0.0
        self.safety = 0.0
        self.output = 0.0
        self.skills: list[float] = []
        self.potential: list[float] = []
        self.gain: list[float] = []
        self.asked: list[float] = []
        self.unit = 0.0
        self.embeddedness = 0.0
        # How the person was at the programme's start, or at hire.
        self.engagement_begin = 0.0
        self.output_begin = 0.0
        self.skills_begin: list[float] = []
        # Whom the person knows.
        self.manager: Person | None = None
        self.ties: list[Person | None] = []
        self.pairs_as_mentee: list[Pair] = []
        self.pairs_as_mentor: list[Pair] = []
        self.forget_meetings()
        self.learnt = 0.0
        self.given = 0.0
        self.turned_away = False
        self.willing = 0
        self.recognised = False
        # Ideas of last month.
        self.ideas_heard = 0
        self.ideas_implemented_now = 0
        self.ideas_rejected = 0
        # What the person has done so far.
        self.volunteered = 0
        self.months_formal = 0
        self.months_informal = 0
        self.meetings_as_mentee = 0
        self.meetings_as_mentor = 0
        self.ideas_voiced = 0
        self.ideas_implemented = 0
        self.promotions = 0
        self.cohorts_as_mentee = 0
        self.cohorts_as_mentor = 0
        # What the first lot said: 0 there was none, 1 drawn, 2 not drawn.
        self.arm = 0

    def forget_meetings(self) -> None:
        """A month begins: nothing has followed from meetings yet, nobody is the best partner."""
        self.relationship_push = 0.0
        self.fresh_views = 0.0
        self.attention = 0.0
        self.safety_push = 0.0
        self.confidence_push = 0.0
        self.partner: Person | None = None
        self.partner_quality = 0.0
        self.sponsor: Person | None = None
        self.sponsor_quality = 0.0

    @property
    def level(self) -> int:
        """Level of the present or last post."""
        return self.post.level

    @property
    def department(self) -> Department:
        """Department of the present or last post."""
        return self.post.department

    @property
    def site(self) -> int:
        """Site of the present or last post."""
        return self.post.site

    @property
    def formal_mentors(self) -> int:
        """Running formal pairs as mentee."""
        return sum(pair.formal for pair in self.pairs_as_mentee)

    @property
    def formal_mentees(self) -> int:
        """Running formal pairs as mentor."""
        return sum(pair.formal for pair in self.pairs_as_mentor)

    @property
    def informal_mentors(self) -> int:
        """Running informal pairs as mentee."""
        return sum(not pair.formal for pair in self.pairs_as_mentee)

    @property
    def informal_mentees(self) -> int:
        """Running informal pairs as mentor."""
        return sum(not pair.formal for pair in self.pairs_as_mentor)

    @property
    def helped_formally(self) -> bool:
        """Whether a formal mentor with influence is there."""
        return any(pair.formal and pair.influence for pair in self.pairs_as_mentee)

    def age_in(self, month: int) -> float:
        """Age in years."""
        return (month - self.birth_month) / 12.0
