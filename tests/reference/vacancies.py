"""Phase 3: people are promoted from the level below, or hired from outside after a time to fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference.books import mean_skill, note_about
from reference.entities import Person, Post
from reference.luck import standard_normal
from reference.people import bring_in, entry_age, set_potential

if TYPE_CHECKING:
    from reference.model import ReferenceModel


def fill_posts(model: ReferenceModel) -> None:
    """Visit the posts that were vacant before this month, in their order, and fill some of them.

    A post that a promotion empties is visited from the next month on.
    """
    given = model.settings.vacancies
    changed = False
    for post in model.posts:
        if post.person is not None or post.vacant_since >= model.month:
            continue
        luck = model.fate.numbers("vacancy", post.index, when=model.month)
        if luck[0] >= given.fill_rate:
            continue
        candidate = None
        if post.level > 1 and luck[1] >= given.outside_share:
            candidate = _readiest(model, post)
        if candidate is not None:
            _promote(model, candidate, post)
            changed = True
        elif not model.environment[model.month].frozen:
            _hire(model, post)
            changed = True
    if changed:
        model.find_managers()


def _readiest(model: ReferenceModel, post: Post) -> Person | None:
    """The readiest person one level below in the department; of equals, the one on the first post.

    For the top post, and for a department of a single post, in the whole firm.
    """
    posts = post.department.posts
    if post.boss is None or len(posts) < 2:
        posts = model.posts
    best: Person | None = None
    best_readiness = 0.0
    for other in posts:
        person = other.person
        if other.level != post.level - 1 or person is None:
            continue
        if model.month - person.level_month < model.settings.vacancies.minimum_months:
            continue
        ready = readiness(model, person)
        if best is None or ready > best_readiness:
            best, best_readiness = person, ready
    return best


def readiness(model: ReferenceModel, person: Person) -> float:
    """Institutional and interpersonal skill, output, a sponsor's advocacy, and noise, weighted."""
    given = model.settings.vacancies
    luck = model.fate.numbers("readiness", person.slot, when=model.month)
    return (
        given.institutional_weight * mean_skill(model, person, "institutional")
        + given.interpersonal_weight * mean_skill(model, person, "interpersonal")
        + given.output_weight * person.output
        + given.sponsor_weight * person.sponsor_quality
        + given.noise * standard_normal(*luck[:2])
    )


def _promote(model: ReferenceModel, person: Person, post: Post) -> None:
    """Move somebody up; the post that was left is vacant from this month on.

    People keep their slots; the slot that waits for the next hire goes down to the new vacancy.
    """
    note_about(model, person, "promotions")
    person.post.person = None
    person.post.vacant_since = model.month
    person.post.waiting_slot, post.waiting_slot = post.waiting_slot, None
    person.post = post
    post.person = person
    person.level_month = model.month
    person.promotions += 1
    set_potential(model, person)


def _hire(model: ReferenceModel, post: Post) -> None:
    """Fill a post with the next person of the slot that waits there."""
    slot, post.waiting_slot = post.waiting_slot, None
    assert slot is not None
    holder = model.chairs[slot].holder + 1
    luck = model.fate.numbers("career", slot, when=holder)
    age = entry_age(model, post.level, standard_normal(*luck[:2]))
    newcomer = bring_in(model, slot, holder, post, age, 0)
    model.chairs[slot] = newcomer
    note_about(model, newcomer, "hires")
