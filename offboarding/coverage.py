"""What a plan covers: each kind of thing that opens Bitbucket, how it ended, and what nobody can take away.

Said from rows alone. A kind is proven only where every step of it is, by a machine's re-read.
"""

from offboarding.coverage_facts import facts_of
from offboarding.coverage_kinds import lines_of
from offboarding.coverage_model import Coverage, CoverageLine, Covered, Minutes
from offboarding.minutes import minutes_of
from offboarding.models import Plan

__all__ = ["Coverage", "CoverageLine", "Covered", "Minutes", "coverage_of"]


def coverage_of(plan: Plan) -> Coverage:
    """Say what a plan covers now. A fixed number of queries."""
    facts = facts_of(plan)
    return Coverage(
        lines=lines_of(facts), minutes=minutes_of(facts), requests=facts.requests, is_final=not facts.plan.is_open
    )
