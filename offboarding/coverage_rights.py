"""What the statement says about grants by name, rights through groups, and seats."""

from accounts.models import Workspace
from offboarding.coverage_facts import Facts
from offboarding.coverage_model import CoverageLine, Covered
from offboarding.coverage_steps import NOT_YET, Kind, covered_by, line_of, open_line, weakest
from offboarding.models import Step, Verdict
from offboarding.policy import ASKED_AGAIN_AT_MOST
from offboarding.states import StepKind

GROUPS = Kind("groups", "Rights through groups")
_SEAT_WORDS = {
    Covered.DISABLED: "proven to be gone",
    Covered.ATTESTED: "attested to be gone",
    Covered.FORCED: "only closed by force",
}
_PLACES = {
    "repository": Kind("repository_grants", "Grants by name on repositories"),
    "project": Kind("project_grants", "Grants by name on projects"),
}


def rights_lines(facts: Facts) -> list[CoverageLine]:
    """Grants on repositories, on projects, rights through groups, and a seat for each workspace."""
    return [_grants(where, facts) for where in _PLACES] + [_groups(facts), *_seats(facts)]


def newest_proofs(facts: Facts) -> list[Step]:
    """The last pass over each workspace: an earlier one that found something is answered by the next."""
    newest: dict[int | None, Step] = {}
    for step in facts.of(StepKind.PROVE_RIGHTS):
        known = newest.get(step.workspace_id)
        if known is None or _round(step) >= _round(known):
            newest[step.workspace_id] = step
    return list(newest.values())


def _round(step: Step) -> int:
    return int(step.target.get("round", 0))


def rights_steps(facts: Facts, where: str = "") -> list[Step]:
    """What "no grant by name is left" rests on.

    Args:
        facts: of the plan.
        where: ``repository`` or ``project``; empty for both.
    """
    grants = [step for step in facts.of(StepKind.REMOVE_GRANT) if where in ("", step.target.get("where"))]
    proofs = newest_proofs(facts)
    # A first read only says where to look; it counts where it did not come to its end by itself.
    reads = [step for step in facts.of(StepKind.READ_RIGHTS) if step.verdict != Verdict.PROVEN]
    earlier = [step for step in facts.of(StepKind.PROVE_RIGHTS) if step not in proofs and _is_answered_by_people(step)]
    return [*reads, *grants, *earlier, *proofs]


def _is_answered_by_people(step: Step) -> bool:
    return step.verdict not in (Verdict.PROVEN, Verdict.NOTHING)


def _grants(where: str, facts: Facts) -> CoverageLine:
    kind, steps = _PLACES[where], rights_steps(facts, where)
    removed = sum(1 for step in steps if step.kind == StepKind.REMOVE_GRANT)
    if not newest_proofs(facts) and all(covered_by(step, facts) != Covered.OPEN for step in steps):
        said = f"{removed} removed; everything is still to be read once more" if removed else NOT_YET
        return open_line(kind, facts, because=said, steps=steps)
    line = line_of(kind, steps, facts, words=_grant_words(removed, facts))
    if line.covered == Covered.PROVEN and not removed:
        return CoverageLine(kind.key, kind.name, Covered.NOTHING, line.words, steps=line.steps)
    return line


def _grant_words(removed: int, facts: Facts) -> str:
    proofs = newest_proofs(facts)
    asked = sum(int(step.target.get("places", 0)) for step in proofs)
    head = f"{removed} removed, each place's list read again without them" if removed else "None was found"
    words = f"{head}; the last pass asked at {asked} places and found none"
    many = [step for step in proofs if (step.target.get("reached") or 0) > ASKED_AGAIN_AT_MOST]
    if many:
        words += f", but where more than {ASKED_AGAIN_AT_MOST} repositories are reached it asked only where more is"
    return words


def _groups(facts: Facts) -> CoverageLine:
    proofs = newest_proofs(facts)
    if not proofs or any(covered_by(step, facts) == Covered.OPEN for step in proofs):
        return line_of(GROUPS, proofs, facts)
    if all(step.target.get("reached") == 0 for step in proofs):
        return line_of(GROUPS, proofs, facts, words="The last pass reached nothing any more")
    return _until_the_seat_is_gone(proofs, facts)


def _until_the_seat_is_gone(proofs: list[Step], facts: Facts) -> CoverageLine:
    """Something was reached in the last pass. Without a seat no group counts; without an account nobody uses it."""
    seats, account = facts.of(StepKind.MEMBERSHIP), facts.of(StepKind.SWITCH_OFF)
    steps = (*proofs, *seats)
    reached = _reached(proofs)
    if not seats:
        return open_line(GROUPS, facts, because=f"{reached}, and no seat is known that gives it", steps=steps)
    seat = weakest([covered_by(step, facts) for step in steps])
    if seat == Covered.OPEN:
        is_off = account and weakest([covered_by(step, facts) for step in account]) == Covered.PROVEN
        stopped = "the account is off, so nobody can use it" if is_off else "the account is not proven to be off"
        line = line_of(GROUPS, seats, facts)
        said = f"{reached} until the seat is gone; {stopped}"
        return CoverageLine(GROUPS.key, GROUPS.name, Covered.OPEN, said, line.owner, line.due_at, steps)
    covered = Covered.DISABLED if seat in (Covered.PROVEN, Covered.NOTHING) else seat
    end = _SEAT_WORDS.get(covered, covered.value)
    words = f"{reached} in the last pass; without a seat no group counts, and the seat is {end}"
    return CoverageLine(GROUPS.key, GROUPS.name, covered, words, steps=steps)


def _reached(proofs: list[Step]) -> str:
    reached = [step.target.get("reached") for step in proofs]
    if any(number is None for number in reached):
        return "What groups open could not be narrowed to one person"
    number = sum(int(one or 0) for one in reached)
    return f"{number} {'repository was' if number == 1 else 'repositories were'} reached"


def _seats(facts: Facts) -> list[CoverageLine]:
    steps = {step.workspace_id: step for step in facts.of(StepKind.MEMBERSHIP)}
    served = {workspace.pk: workspace for workspace in facts.workspaces}
    others = {step.workspace.pk: step.workspace for step in steps.values() if step.workspace is not None}
    places = served | others
    if not places:
        return [open_line(Kind("seat", "Seat in a workspace"), facts, because="This portal knows no workspace")]
    return [_seat(workspace, steps.get(pk), facts) for pk, workspace in places.items()]


def _seat(workspace: Workspace, step: Step | None, facts: Facts) -> CoverageLine:
    kind = Kind("seat", f"Seat in {workspace}")
    if step is not None:
        return line_of(kind, [step], facts)
    proofs = [one for one in newest_proofs(facts) if one.workspace_id == workspace.pk]
    if proofs and proofs[0].target.get("is_member") is False and covered_by(proofs[0], facts) == Covered.PROVEN:
        return CoverageLine(
            kind.key, kind.name, Covered.NOTHING, "The last pass saw that there is no seat", steps=tuple(proofs)
        )
    seen = NOT_YET if not proofs else "Whether there is one could not be seen"
    return open_line(kind, facts, because=seen, steps=proofs)
