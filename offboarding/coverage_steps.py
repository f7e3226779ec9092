"""From steps to one line of a coverage statement. Nothing here can make more of a step than its rows show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from accounts.models import Person
from offboarding.coverage_facts import Facts
from offboarding.coverage_model import CoverageLine, Covered
from offboarding.models import Step, Verdict
from offboarding.states import STUCK, StepKind
from workqueue.models import JobState

NOT_BEGUN = "Nothing is taken away before the plan starts"
NOT_YET = "Its turn has not come yet"
NO_EVIDENCE = "It was closed as proven, but no re-read shows it"
_ORDER = {covered: number for number, covered in enumerate(Covered)}
_NAMED_AT_MOST = 4
_NO_DATE = datetime.max.replace(tzinfo=UTC)
_COUNTED = {
    Covered.PROVEN: "proven",
    Covered.NOTHING: "with nothing left to do",
    Covered.DISABLED: "disabled",
    Covered.ATTESTED: "attested",
    Covered.KEPT: "kept on purpose",
    Covered.FORCED: "closed by force",
    Covered.OPEN: "open",
}


@dataclass(frozen=True)
class Kind:
    """A kind of thing as the statement names it."""

    key: str
    name: str


def covered_by(step: Step, facts: Facts) -> Covered:
    """How one step ended. What counts as proven has a re-read that proves it; only the end of access here is the
    database's own."""
    if step.closed_at is None or not step.verdict:
        return Covered.OPEN
    if step.verdict != Verdict.PROVEN:
        return Covered(step.verdict)
    is_shown = step.kind == StepKind.END_ACCESS or step.pk in facts.proved_at
    return Covered.PROVEN if is_shown else Covered.OPEN


def weakest(covered: Sequence[Covered]) -> Covered:
    """What several ends are together: the weakest of them.

    Args:
        covered: at least one.
    """
    return max(covered, key=_ORDER.__getitem__)


def line_of(
    kind: Kind, steps: Sequence[Step], facts: Facts, *, words: str = "", missing: str = NOT_YET
) -> CoverageLine:
    """The line of a kind that steps take away.

    Args:
        kind: which.
        steps: all it rests on.
        facts: of the plan.
        words: what is said where nothing is open; empty for what the steps say.
        missing: what is said where there is no step.
    """
    if not steps:
        return open_line(kind, facts, because=missing)
    ends = {step.pk: covered_by(step, facts) for step in steps}
    covered = weakest(list(ends.values()))
    if covered == Covered.OPEN:
        return _open_among(kind, steps, facts, ends)
    said = words if words and covered in (Covered.PROVEN, Covered.NOTHING, Covered.DISABLED) else words_of(steps, facts)
    return CoverageLine(kind.key, kind.name, covered, said, steps=tuple(steps))


def open_line(
    kind: Kind,
    facts: Facts,
    *,
    because: str,
    owner: Person | None = None,
    due_at: datetime | None = None,
    steps: Sequence[Step] = (),
) -> CoverageLine:
    """A kind that is open: called off, not begun (then whoever planned it answers for it), or as it is said."""
    plan = facts.plan
    if facts.is_called_off:
        because, owner, due_at = f"Called off: {plan.cancelled_because}", None, None
    elif not facts.was_started:
        because, owner, due_at = NOT_BEGUN, plan.planner, plan.starts_at or plan.leaves_at
    return CoverageLine(kind.key, kind.name, Covered.OPEN, because, owner, due_at, tuple(steps))


def impossible_line(kind: Kind, because: str) -> CoverageLine:
    """A kind that nobody can see or take away, and why."""
    return CoverageLine(kind.key, kind.name, Covered.IMPOSSIBLE, because)


def _open_among(kind: Kind, steps: Sequence[Step], facts: Facts, ends: dict[int, Covered]) -> CoverageLine:
    still = [step for step in steps if ends[step.pk] == Covered.OPEN]
    first = min(still, key=lambda step: (step.due_at or _NO_DATE, step.position))
    said = _why_open(first)
    if len(steps) > 1:
        said = f"{len(still)} of {len(steps)} open, first of all: {first.title}" + (f" ({said})" if said else "")
        done = _counts([end for end in ends.values() if end != Covered.OPEN])
        said += f"; {done}" if done else ""
    elif facts.is_called_off or not said:
        said = first.title
    if facts.is_called_off:
        return CoverageLine(
            kind.key, kind.name, Covered.OPEN, f"Called off: {facts.plan.cancelled_because}; {said}", steps=tuple(steps)
        )
    return CoverageLine(kind.key, kind.name, Covered.OPEN, said, owner_of(first, facts), first.due_at, tuple(steps))


def _why_open(step: Step) -> str:
    if step.verdict == Verdict.PROVEN:
        return NO_EVIDENCE
    if step.job.state == JobState.SKIPPED:
        return ""
    return step.job.reason.rstrip(".")


def owner_of(step: Step, facts: Facts) -> Person | None:
    """Who answers for an open step: its assignee, or, where the machine cannot go on, whoever planned it."""
    if step.assignee is not None or step.job.state not in STUCK:
        return step.assignee
    return facts.plan.planner


def words_of(steps: Sequence[Step], facts: Facts) -> str:
    """What closed steps say: each, where they are few, their counts where they are many; forced ones always."""
    if len(steps) == 1:
        return steps[0].verdict_words
    if len(steps) <= _NAMED_AT_MOST:
        return "; ".join(f"{step.title}: {step.verdict_words or covered_by(step, facts)}" for step in steps)
    forced = [step for step in steps if step.verdict == Verdict.FORCED]
    named = [f"{step.title}: {step.verdict_words}" for step in forced[:_NAMED_AT_MOST]]
    return "; ".join([_counts([covered_by(step, facts) for step in steps]), *named])


def _counts(ends: Sequence[Covered]) -> str:
    counted = [(ends.count(covered), words) for covered, words in _COUNTED.items()]
    return ", ".join(f"{number} {words}" for number, words in counted if number)
