"""The rules of the statement, without a database: whatever the steps say, nothing becomes more than it is."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Person, Workspace
from offboarding.coverage import CoverageLine, Covered
from offboarding.coverage_facts import Facts, KeyReading
from offboarding.coverage_kinds import lines_of
from offboarding.minutes import minutes_of
from offboarding.models import Plan, Step, Verdict
from offboarding.states import PHASE_OF, PlanState, StepKind
from workqueue.models import Job, JobState

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ADA, LEE = Person(pk=1, account_id="ada"), Person(pk=2, account_id="lee")
ACME = Workspace(pk=1, uuid="{acme}", slug="acme", name="Acme")
READ = KeyReading(places=3, oldest=NOW - timedelta(hours=5), newest=NOW - timedelta(hours=1))
KINDS = (
    "portal_access",
    "api_tokens",
    "account",
    "ssh_keys",
    "gpg_keys",
    "oauth_grants",
    "app_passwords",
    "repository_grants",
    "project_grants",
    "groups",
    "seat",
    "deploy_keys",
    "access_tokens",
    "other_access_tokens",
    "workspace_machinery",
    "webhooks",
    "pipeline_secrets",
    "breaks",
    "other_products",
)
ALWAYS_IMPOSSIBLE = {"app_passwords", "other_access_tokens", "webhooks"}


def a_plan(state: PlanState = PlanState.RUNNING) -> Plan:
    """Lee's plan, made by Ada."""
    plan = Plan(pk=1, person=LEE, planned_by=ADA, state=state, preview={"at": "then", "lines": [], "unread": []})
    if state != PlanState.DRAFT:
        plan.started_at = NOW
    if state == PlanState.CANCELLED:
        plan.cancelled_because = "they stay"
    return plan


def a_step(
    pk: int, kind: StepKind, verdict: str = "", *, due: int | None = None, target: dict[str, object] | None = None
) -> Step:
    """A step: closed with a verdict, or open."""
    state = JobState.DONE if verdict else JobState.NEEDS_HUMAN
    step = Step(pk=pk, kind=kind, phase=PHASE_OF[kind], verdict=verdict, title=f"{kind} {pk}", position=pk)
    step.job = Job(pk=pk, state=state, reason="" if verdict else "it is refused", result={})
    step.workspace = ACME
    step.verdict_words = f"ended as {verdict}" if verdict else ""
    step.closed_at = NOW + timedelta(minutes=pk) if verdict else None
    step.due_at = NOW + timedelta(days=due) if due is not None else None
    step.target = {"where": "repository", "round": 1, "reached": 0, "is_member": False, "places": 4} | (target or {})
    return step


def facts(steps: Sequence[Step], *, plan: Plan | None = None, proved: Sequence[int] | None = None) -> Facts:
    """What is known; by default every step called proven has its evidence."""
    pks = [step.pk for step in steps if step.verdict == Verdict.PROVEN] if proved is None else proved
    return Facts(
        plan=plan or a_plan(),
        steps=tuple(steps),
        proved_at={pk: NOW + timedelta(minutes=pk) for pk in pks},
        keys=READ,
        workspaces=(ACME,),
    )


def line(kind: str, steps: Sequence[Step], **more: object) -> CoverageLine:
    """One line of the statement."""
    return next(one for one in lines_of(facts(steps, **more)) if one.kind == kind)  # type: ignore[arg-type]


def whole(verdict: str = "proven") -> list[Step]:
    """A step of each kind that a plan always has."""
    kinds = (
        StepKind.END_ACCESS,
        StepKind.DELETE_TOKENS,
        StepKind.SWITCH_OFF,
        StepKind.DELETE_LATE_TOKENS,
        StepKind.READ_RIGHTS,
        StepKind.REMOVE_GRANT,
        StepKind.PROVE_RIGHTS,
        StepKind.MEMBERSHIP,
        StepKind.ROTATE,
    )
    return [a_step(number, kind, verdict) for number, kind in enumerate(kinds, start=1)]


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.RUNNING, PlanState.COMPLETED, PlanState.CANCELLED])
def test_every_kind_has_its_line_in_a_fixed_order(state: PlanState) -> None:
    steps = [] if state == PlanState.DRAFT else whole()
    assert tuple(one.kind for one in lines_of(facts(steps, plan=a_plan(state)))) == KINDS


def test_everything_proven() -> None:
    found = {one.kind: one.covered for one in lines_of(facts(whole()))}
    assert {kind for kind, covered in found.items() if covered == Covered.DISABLED} == {
        "ssh_keys",
        "gpg_keys",
        "oauth_grants",
    }
    assert {kind for kind, covered in found.items() if covered == Covered.IMPOSSIBLE} == {
        *ALWAYS_IMPOSSIBLE,
        "workspace_machinery",
    }
    assert not [kind for kind, covered in found.items() if covered == Covered.OPEN]
    assert (found["repository_grants"], found["project_grants"]) == (Covered.PROVEN, Covered.NOTHING)
    assert found["groups"] == Covered.PROVEN


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (("proven", "proven"), Covered.PROVEN),
        (("proven", "attested"), Covered.ATTESTED),
        (("proven", "forced"), Covered.FORCED),
        (("attested", "forced"), Covered.FORCED),
        (("proven", "disabled"), Covered.DISABLED),
        (("disabled", "attested"), Covered.ATTESTED),
        (("forced", ""), Covered.OPEN),
        (("proven", ""), Covered.OPEN),
        (("proven", "kept"), Covered.KEPT),
    ],
)
def test_the_weakest_step_decides(verdicts: tuple[str, str], expected: Covered) -> None:
    steps = [a_step(1, StepKind.DELETE_TOKENS, verdicts[0]), a_step(2, StepKind.DELETE_LATE_TOKENS, verdicts[1])]
    assert line("api_tokens", steps).covered == expected
    keys = [a_step(4, StepKind.READ_RIGHTS, "proven")]
    keys += [a_step(number, StepKind.DEPLOY_KEY, verdict) for number, verdict in enumerate(verdicts, start=5)]
    assert line("deploy_keys", keys).covered == expected


def test_proven_without_evidence_is_open() -> None:
    steps = [a_step(1, StepKind.SWITCH_OFF, "proven")]
    found = line("account", steps, proved=[])
    assert (found.covered, "no re-read shows it" in found.words) == (Covered.OPEN, True)
    assert line("ssh_keys", steps, proved=[]).covered == Covered.OPEN
    assert line("portal_access", [a_step(1, StepKind.END_ACCESS, "proven")], proved=[]).covered == Covered.PROVEN


def test_an_open_line_names_who_answers_for_the_most_urgent_step() -> None:
    late, soon = a_step(1, StepKind.BREAKS, due=5), a_step(2, StepKind.BREAKS, due=2)
    soon.assignee = ADA
    found = line("breaks", [late, soon, a_step(3, StepKind.BREAKS, "attested")])
    assert (found.covered, found.owner, found.due_at) == (Covered.OPEN, ADA, soon.due_at)
    assert "2 of 3 open" in found.words
    assert "1 attested" in found.words


def test_a_stuck_step_without_an_assignee_is_the_planners_but_never_the_leavers() -> None:
    steps = [a_step(1, StepKind.SWITCH_OFF)]
    assert line("account", steps).owner == ADA
    own = a_plan()
    own.planned_by = LEE
    assert line("account", steps, plan=own).owner is None


def test_what_hangs_on_the_account_is_no_stronger_than_the_account() -> None:
    for verdict, expected in (("attested", Covered.ATTESTED), ("forced", Covered.FORCED), ("", Covered.OPEN)):
        assert line("ssh_keys", [a_step(1, StepKind.SWITCH_OFF, verdict)]).covered == expected


def test_groups_stay_open_until_the_seat_is_gone() -> None:
    reached = a_step(1, StepKind.PROVE_RIGHTS, "proven", target={"reached": 6})
    off = a_step(2, StepKind.SWITCH_OFF, "proven")
    found = line("groups", [reached, off, a_step(3, StepKind.MEMBERSHIP, due=3)])
    assert (found.covered, "the account is off" in found.words) == (Covered.OPEN, True)
    assert "6 repositories" in found.words
    assert line("groups", [reached, off, a_step(3, StepKind.MEMBERSHIP, "proven")]).covered == Covered.DISABLED
    assert line("groups", [reached, off, a_step(3, StepKind.MEMBERSHIP, "attested")]).covered == Covered.ATTESTED
    not_known = a_step(1, StepKind.PROVE_RIGHTS, "proven", target={"reached": None})
    assert line("groups", [not_known, off]).covered == Covered.OPEN


def test_an_earlier_pass_that_found_something_is_answered_by_the_next() -> None:
    first = a_step(1, StepKind.PROVE_RIGHTS, "nothing", target={"round": 1})
    grant = a_step(2, StepKind.REMOVE_GRANT, "proven")
    assert line("repository_grants", [first, grant]).covered == Covered.NOTHING
    last = a_step(3, StepKind.PROVE_RIGHTS, "proven", target={"round": 2})
    assert line("repository_grants", [first, grant, last]).covered == Covered.PROVEN
    waits = a_step(3, StepKind.PROVE_RIGHTS, target={"round": 2})
    assert line("repository_grants", [first, grant, waits]).covered == Covered.OPEN
    forced = a_step(1, StepKind.PROVE_RIGHTS, "forced", target={"round": 1})
    assert line("repository_grants", [forced, grant, last]).covered == Covered.FORCED


def test_no_deploy_key_is_only_said_from_a_whole_reading() -> None:
    steps = [a_step(1, StepKind.READ_RIGHTS, "proven")]
    found = line("deploy_keys", steps)
    assert (found.covered, "Inventory as of 2026-03-04 07:00 UTC" in found.words) == (Covered.NOTHING, True)
    for keys in (KeyReading(), KeyReading(places=3, unread=1, oldest=NOW, newest=NOW)):
        known = Facts(plan=a_plan(), steps=tuple(steps), keys=keys)
        found = next(one for one in lines_of(known) if one.kind == "deploy_keys")
        assert (found.covered, found.owner) == (Covered.OPEN, ADA), keys
        assert "never read" in found.words or "1 of 3 places were not read" in found.words


def test_a_draft_is_open_and_what_was_called_off_says_so() -> None:
    draft = lines_of(facts([], plan=a_plan(PlanState.DRAFT)))
    assert {one.covered for one in draft if one.kind not in ALWAYS_IMPOSSIBLE} == {Covered.OPEN}
    off = {one.kind: one for one in lines_of(facts(whole()[:3], plan=a_plan(PlanState.CANCELLED)))}
    assert off["account"].covered == Covered.PROVEN
    # Who stays is let in again, so that the end of access here holds no more.
    assert (off["portal_access"].covered, off["seat"].words) == (Covered.OPEN, "Called off: they stay")
    assert off["groups"].owner is None


def test_minutes() -> None:
    plan = a_plan()
    plan.leaves_at, plan.reported_at = NOW + timedelta(hours=1), NOW - timedelta(seconds=90)
    steps = [*whole(), a_step(30, StepKind.BREAKS, "attested")]
    leaves, reported, start = minutes_of(facts(steps, plan=plan))
    numbers = (start.last_token_gone, start.account_off, start.last_grant_gone, start.last_manual_step)
    assert numbers == (4, 3, 7, 30)
    assert (leaves.last_token_gone, reported.account_off) == (-56, 4)
    undone = minutes_of(facts([*whole(), a_step(30, StepKind.BREAKS), a_step(31, StepKind.REMOVE_GRANT)], plan=plan))[2]
    assert (undone.last_grant_gone, undone.last_manual_step) == (None, None)
    assert minutes_of(facts(whole(), proved=[]))[2].last_token_gone is None


def _steps() -> st.SearchStrategy[list[tuple[StepKind, str, bool, int | None]]]:
    one = st.tuples(
        st.sampled_from(StepKind),
        st.sampled_from(["", *Verdict.values]),
        st.booleans(),
        st.sampled_from([0, 3, None]),
    )
    return st.lists(one, max_size=14)


def _rests_on_proof(step: Step, known: Facts) -> Iterator[bool]:
    yield step.closed_at is not None
    yield step.verdict == Verdict.PROVEN
    yield step.pk in known.proved_at or step.kind == StepKind.END_ACCESS


@given(drawn=_steps(), state=st.sampled_from(PlanState))
def test_proven_is_said_only_where_every_step_has_proving_evidence(
    drawn: list[tuple[StepKind, str, bool, int | None]], state: PlanState
) -> None:
    steps = [
        a_step(pk, kind, verdict, target={"reached": reached, "where": "project" if pk % 2 else "repository"})
        for pk, (kind, verdict, _, reached) in enumerate(drawn, start=1)
    ]
    known = facts(steps, plan=a_plan(state), proved=[pk for pk, one in enumerate(drawn, start=1) if one[2]])
    lines = lines_of(known)
    for one in lines:
        if one.covered == Covered.PROVEN:
            assert one.steps
            assert all(holds for step in one.steps for holds in _rests_on_proof(step, known)), one
        if one.covered in (Covered.PROVEN, Covered.NOTHING, Covered.DISABLED):
            assert not [step for step in one.steps if step.verdict in ("", "forced", "attested")], one
    forced = {step.pk for step in steps if step.verdict == Verdict.FORCED}
    shown = {step.pk for one in lines if one.covered in (Covered.FORCED, Covered.OPEN) for step in one.steps}
    passes = {step.pk for step in steps if step.kind in (StepKind.MEMBERSHIP, StepKind.PROVE_RIGHTS)}
    assert forced - passes <= shown
