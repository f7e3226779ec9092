"""A plan from the draft to its end, against the real sandbox, job by job."""

import pytest

from accounts.models import User
from offboarding.models import Verdict
from offboarding.operations.starting import start_plan
from offboarding.states import StepKind
from tests.offboarding.finishing import finish_plan, leave_workspace
from tests.offboarding.leaving import CLEAN_UP, CUT, Leaving
from tests.tokens.desk import tags


def test_the_cut_ends_tokens_then_the_account_then_looks_again(leaving: Leaving) -> None:
    leaving.token("first")
    leaving.token("second")
    plan = leaving.cut()
    assert leaving.tokens_left() == 0
    assert not leaving.account.is_on
    assert plan.cut_at is not None
    for kind in (StepKind.DELETE_TOKENS, StepKind.SWITCH_OFF, StepKind.DELETE_LATE_TOKENS):
        assert leaving.step(plan, kind).verdict == Verdict.PROVEN, kind
    assert "plan:cut" in tags()


def test_the_clean_up_removes_every_grant_and_proves_it(leaving: Leaving) -> None:
    assert leaving.grants_left()
    plan = leaving.cut()
    leaving.run(*CLEAN_UP)
    assert leaving.grants_left() == []
    removed = plan.steps.filter(kind=StepKind.REMOVE_GRANT)
    assert {step.verdict for step in removed} == {Verdict.PROVEN}
    proof = leaving.step(plan, StepKind.PROVE_RIGHTS)
    assert (proof.verdict, proof.job.state) == (Verdict.PROVEN, "done"), proof.job.reason


@pytest.mark.usefixtures("inventory")
@pytest.mark.parametrize("seat_is_taken", [True, False], ids=["seat-taken", "seat-attested"])
def test_the_whole_plan_of_somebody_with_one_of_everything_completes(
    leaving: Leaving, second_admin: User, *, seat_is_taken: bool
) -> None:
    plan = leaving.plan()
    leaving.run("offboard_preview", "offboard_rehearse")
    plan = start_plan(plan, acting_user=leaving.admin)
    leaving.run(*CUT)
    if seat_is_taken:
        leave_workspace(leaving)
    by_hand = finish_plan(leaving, plan, second_admin)
    assert StepKind.ROTATE in by_hand
    assert StepKind.DEPLOY_KEY in by_hand
    assert {step.verdict for step in plan.steps.exclude(kind=StepKind.RECHECK)} <= {
        Verdict.PROVEN,
        Verdict.ATTESTED,
        Verdict.KEPT,
    }
    assert plan.steps.filter(kind=StepKind.RECHECK, closed_at=None).count() == 2


@pytest.mark.usefixtures("inventory")
def test_the_median_member_has_at_most_two_manual_steps(member: Leaving, second_admin: User) -> None:
    plan = member.plan()
    member.run("offboard_preview", "offboard_rehearse")
    plan = start_plan(plan, acting_user=member.admin)
    member.run(*CUT)
    leave_workspace(member)
    by_hand = finish_plan(member, plan, second_admin)
    # The seat is one more, which the portal looks for by itself.
    assert len(by_hand) + 1 <= 2, by_hand
