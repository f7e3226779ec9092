"""A plan from the draft to its end, against the real sandbox, job by job."""

from offboarding.models import Verdict
from offboarding.states import StepKind
from tests.offboarding.leaving import CLEAN_UP, Leaving
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
