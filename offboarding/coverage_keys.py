"""What the statement says about deploy keys: what became of each, and how well the inventory knows them."""

from datetime import datetime

from offboarding import policy
from offboarding.coverage_facts import Facts
from offboarding.coverage_model import CoverageLine, Covered
from offboarding.coverage_steps import NOT_YET, Kind, line_of, open_line
from offboarding.states import StepKind

KEYS = Kind("deploy_keys", "Deploy keys they added")
# What is not said while a place was not read.
_CLEAN = (Covered.PROVEN, Covered.NOTHING)


def deploy_keys(facts: Facts) -> CoverageLine:
    """Each key as it was decided; "none known" only with the age of what says so, and only from a whole reading."""
    steps = facts.of(StepKind.DEPLOY_KEY)
    if not steps and not (facts.was_started and facts.of(StepKind.READ_RIGHTS)):
        return open_line(KEYS, facts, because=NOT_YET)
    line = line_of(KEYS, steps, facts) if steps else CoverageLine(KEYS.key, KEYS.name, Covered.NOTHING, "None known")
    words = f"{line.words}. {_reading(facts)}"
    if line.covered in _CLEAN and (not facts.keys.places or facts.keys.unread):
        plan = facts.plan
        due_at = plan.started_at and plan.started_at + policy.DECIDE_KEYS_WITHIN
        return open_line(KEYS, facts, because=words, owner=plan.planner, due_at=due_at, steps=steps)
    return CoverageLine(KEYS.key, KEYS.name, line.covered, words, line.owner, line.due_at, line.steps)


def _reading(facts: Facts) -> str:
    keys = facts.keys
    if keys.oldest is None or keys.newest is None:
        return "The inventory has never read deploy keys"
    said = f"Inventory as of {_moment(keys.oldest)} to {_moment(keys.newest)}"
    if keys.unread:
        said += f"; {keys.unread} of {keys.places} places were not read"
    if keys.ownerless:
        said += f"; {keys.ownerless} keys have no owner that Bitbucket names"
    return said


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
