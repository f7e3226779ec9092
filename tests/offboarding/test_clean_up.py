"""Grants, deploy keys and the seat: taken away and read again; nothing is called gone because nobody could look."""

from typing import Any

import pytest

from accounts.models import User
from offboarding.models import Evidence, KeyDecision, Plan, Verdict
from offboarding.operations.attesting import attest_step, confirm_step, force_close
from offboarding.operations.deploy_key_decisions import decide_key
from offboarding.operations.step_actions import assign_step, skip_step
from offboarding.states import StepKind
from tests.offboarding.leaving import CLEAN_UP, Leaving
from tests.tokens.desk import Desk, tags
from tokens.models import Circuit, Credential, Grant
from tokens.operations.change import NotAllowed, Stale
from workqueue.models import JobState

DELETE = "*/permissions-config/users/*"
PLACE_LIST = "re:/permissions-config/users$"


@pytest.fixture
def cut(leaving: Leaving) -> Plan:
    """Tokens gone, account off."""
    return leaving.cut()


def removed(plan: Plan) -> list[tuple[str, str]]:
    """Verdict and state of each removal."""
    return list(plan.steps.filter(kind=StepKind.REMOVE_GRANT).values_list("verdict", "job__state"))


def test_a_removal_that_keeps_the_grant_is_never_proven(leaving: Leaving, cut: Plan) -> None:
    leaving.desk.fault(kind="keep", path=DELETE, method="DELETE")
    leaving.run(*CLEAN_UP)
    assert leaving.grants_left()
    assert set(removed(cut)) == {("", JobState.NEEDS_HUMAN)}
    assert not cut.steps.filter(kind=StepKind.PROVE_RIGHTS).exists()


def test_a_bot_that_lost_its_right_sees_nothing_and_proves_nothing(leaving: Leaving, cut: Plan) -> None:
    leaving.run("offboard_read_rights")
    leaving.desk.fault(kind="lost_admin", path="/2.0/*")
    leaving.run(*CLEAN_UP)
    assert set(removed(cut)) == {("", JobState.NEEDS_HUMAN)}
    assert all(
        "proves nothing" in reason
        for reason in cut.steps.filter(kind=StepKind.REMOVE_GRANT).values_list("job__reason", flat=True)
    )


def test_a_bot_that_lost_its_right_in_the_middle_of_asking(leaving: Leaving, cut: Plan) -> None:
    leaving.desk.fault(kind="status", path="*/permissions-config/users/*", status=404)
    leaving.desk.fault(kind="status", path="/2.0/user/workspaces/*/permission", status=404, skip=1)
    leaving.run("offboard_read_rights")
    step = leaving.step(cut, StepKind.READ_RIGHTS)
    assert (step.verdict, step.job.state) == ("", JobState.NEEDS_HUMAN)
    assert "own role" in step.job.reason


@pytest.mark.parametrize(
    "fault",
    [{"kind": "no_values"}, {"kind": "html"}, {"kind": "empty"}, {"kind": "malformed"}],
    ids=lambda fault: fault["kind"],
)
def test_a_list_that_cannot_be_read_is_waited_for(leaving: Leaving, cut: Plan, fault: dict[str, Any]) -> None:
    leaving.run("offboard_read_rights")
    leaving.desk.fault(path=PLACE_LIST, **fault)
    leaving.run("offboard_remove_grant", rounds=2)
    assert set(removed(cut)) == {("", JobState.WAITING)}
    leaving.desk.world.faults.clear()
    leaving.run(*CLEAN_UP)
    assert {verdict for verdict, _ in removed(cut)} == {Verdict.PROVEN}
    assert leaving.grants_left() == []


def test_an_answer_that_was_lost_leaves_one_effect_and_one_event(leaving: Leaving, cut: Plan) -> None:
    leaving.run("offboard_read_rights")
    leaving.desk.fault(kind="done_then_status", path=DELETE, method="DELETE", status=500, count=1)
    leaving.run(*CLEAN_UP)
    assert {verdict for verdict, _ in removed(cut)} == {Verdict.PROVEN}
    completed = [event for event in tags() if event == "step:completed"]
    assert len(completed) == len(removed(cut)) + 3 + 1 + 1


def test_a_missing_scope_stops_the_operation_after_one_call(leaving: Leaving, cut: Plan) -> None:
    leaving.run("offboard_read_rights")
    body = '{"type":"error","error":{"message":"lacks scopes","detail":{"required":["delete:permission:bitbucket"]}}}'
    leaving.desk.fault(kind="status", path=DELETE, method="DELETE", status=403, body=body)
    leaving.run(*CLEAN_UP)
    assert Evidence.objects.filter(step__kind=StepKind.REMOVE_GRANT, status=403).count() == 1
    assert Circuit.objects.get(closed_at=None).operation == StepKind.REMOVE_GRANT
    leaving.desk.world.faults.clear()
    leaving.retry_stuck(cut)
    leaving.run(*CLEAN_UP)
    assert leaving.grants_left() == []


def test_one_object_that_is_refused_does_not_stop_the_others(leaving: Leaving, cut: Plan) -> None:
    leaving.run("offboard_read_rights")
    leaving.desk.fault(kind="status", path=DELETE, method="DELETE", status=403, count=1)
    leaving.run(*CLEAN_UP)
    assert [state for _, state in removed(cut)].count(JobState.NEEDS_HUMAN) == 1
    assert len(leaving.grants_left()) == 1


def test_a_grant_that_is_made_meanwhile_is_found_and_removed(leaving: Leaving, cut: Plan) -> None:
    leaving.run("offboard_read_rights", "offboard_remove_grant")
    acme = leaving.desk.world.workspaces["acme"]
    acme.grants.set("repository", "users", acme.repositories[-1].uuid, leaving.account.account_id, "write")
    acme.touch()
    leaving.run(*CLEAN_UP)
    assert leaving.grants_left() == []
    assert cut.steps.filter(kind=StepKind.PROVE_RIGHTS).count() == 2
    assert leaving.step(cut, StepKind.PROVE_RIGHTS).verdict == Verdict.PROVEN


def test_what_the_inventory_knew_is_over(leaving: Leaving, cut: Plan) -> None:
    leaving.run(*CLEAN_UP)
    assert not Grant.objects.filter(person=leaving.leaver.person, gone_at=None).exists()


def test_the_seat_closes_its_task_when_it_is_gone_and_only_then(leaving: Leaving, cut: Plan) -> None:
    leaving.run("offboard_membership", rounds=2)
    step = leaving.step(cut, StepKind.MEMBERSHIP)
    assert (step.verdict, step.job.state) == ("", JobState.WAITING)
    leaving.desk.fault(kind="lost_admin", path="/2.0/*")
    leaving.run("offboard_membership", rounds=1)
    step.refresh_from_db()
    assert step.verdict == ""
    leaving.desk.world.faults.clear()
    leaving.retry_stuck(cut)
    leaving.desk.world.workspaces["acme"].seats.pop(leaving.account.account_id)
    leaving.run("offboard_membership")
    step.refresh_from_db()
    assert step.verdict in (Verdict.PROVEN, "")


@pytest.fixture
def key(leaving: Leaving, desk: Desk) -> Credential:
    """A deploy key that the inventory knows to be Lee's."""
    return leaving.deploy_key()


def test_a_deploy_key_waits_for_a_decision(leaving: Leaving, key: Credential) -> None:
    plan = leaving.cut()
    leaving.run(*CLEAN_UP)
    step = leaving.step(plan, StepKind.DEPLOY_KEY)
    assert (step.job.state, leaving.key_lives(key)) == (JobState.NEEDS_HUMAN, True)


def test_a_deploy_key_is_deleted_on_a_word_and_proven(leaving: Leaving, key: Credential) -> None:
    plan = leaving.cut()
    leaving.run(*CLEAN_UP)
    step = leaving.step(plan, StepKind.DEPLOY_KEY)
    decide_key(step, KeyDecision.DELETE, because="the machine is gone", acting_user=leaving.admin)
    leaving.run("offboard_deploy_key")
    step.refresh_from_db()
    key.refresh_from_db()
    assert (step.verdict, key.state, leaving.key_lives(key)) == (Verdict.PROVEN, "revoked", False)


def test_a_deploy_key_that_stays_listed_is_not_proven(leaving: Leaving, key: Credential) -> None:
    plan = leaving.cut()
    leaving.run(*CLEAN_UP)
    step = leaving.step(plan, StepKind.DEPLOY_KEY)
    leaving.desk.fault(kind="keep", path="*deploy-keys/*", method="DELETE")
    decide_key(step, KeyDecision.DELETE, because="the machine is gone", acting_user=leaving.admin)
    leaving.run("offboard_deploy_key")
    key.refresh_from_db()
    assert (leaving.step(plan, StepKind.DEPLOY_KEY).verdict, key.state) == ("", "active")


def test_a_deploy_key_is_kept_only_with_a_new_owner(leaving: Leaving, key: Credential, aria: User) -> None:
    plan = leaving.cut()
    leaving.run(*CLEAN_UP)
    step = leaving.step(plan, StepKind.DEPLOY_KEY)
    with pytest.raises(NotAllowed):
        decide_key(step, KeyDecision.KEEP, because="the cluster needs it", acting_user=leaving.admin)
    with pytest.raises(NotAllowed):
        decide_key(step, KeyDecision.KEEP, because="it needs it", acting_user=leaving.admin, new_owner=step.plan.person)
    decide_key(step, KeyDecision.KEEP, because="the cluster needs it", acting_user=leaving.admin, new_owner=aria.person)
    step.refresh_from_db()
    assert (step.verdict, step.assignee, leaving.key_lives(key)) == (Verdict.KEPT, aria.person, True)


def test_a_deploy_key_that_the_inventory_sees_meanwhile_is_decided_about_before_the_end(leaving: Leaving) -> None:
    plan = leaving.cut()
    leaving.run("offboard_read_rights", "offboard_remove_grant")
    late = leaving.deploy_key()
    leaving.run(*CLEAN_UP)
    step = leaving.step(plan, StepKind.DEPLOY_KEY)
    assert (step.credential, step.job.state, leaving.key_lives(late)) == (late, JobState.NEEDS_HUMAN, True)


def test_force_needs_a_second_person_and_is_shown_for_ever(leaving: Leaving, second_admin: User) -> None:
    leaving.desk.fault(kind="keep", path="/users/*/manage/api-tokens/*", method="DELETE")
    plan = leaving.cut()
    step = leaving.step(plan, StepKind.DELETE_TOKENS)
    asked = force_close(step, because="Atlassian support says that it is a display error", acting_user=leaving.admin)
    with pytest.raises(NotAllowed, match="second person"):
        confirm_step(asked, acting_user=leaving.admin)
    confirm_step(asked, acting_user=second_admin)
    step.refresh_from_db()
    assert (step.verdict, step.job.state) == (Verdict.FORCED, JobState.SKIPPED)
    with pytest.raises(Stale):
        confirm_step(asked, acting_user=second_admin)


def test_what_takes_something_away_is_neither_attested_nor_skipped_while_a_machine_can_do_it(leaving: Leaving) -> None:
    plan = leaving.cut()
    leaving.run("offboard_read_rights")
    grant = leaving.step(plan, StepKind.REMOVE_GRANT)
    with pytest.raises(NotAllowed):
        attest_step(grant, words="I looked", acting_user=leaving.admin)
    with pytest.raises(NotAllowed):
        skip_step(grant, because="not needed", acting_user=leaving.admin)


def test_a_word_is_never_proof_and_never_the_leavers(leaving: Leaving, aria: User) -> None:
    plan = leaving.cut()
    step = leaving.step(plan, StepKind.MEMBERSHIP)
    with pytest.raises(NotAllowed):
        assign_step(step, plan.person, acting_user=leaving.admin)
    assign_step(step, aria.person, acting_user=leaving.admin)
    step.refresh_from_db()
    attest_step(step, words="Removed in the user directory at 14:02", acting_user=aria)
    step.refresh_from_db()
    assert (step.verdict, step.attested_by) == (Verdict.ATTESTED, aria.person)
    assert not step.evidence.filter(proves=True).exists()


def test_a_deploy_key_that_is_replaced_is_seen_to_be_gone(leaving: Leaving, key: Credential, aria: User) -> None:
    plan = leaving.cut()
    leaving.run(*CLEAN_UP)
    step = leaving.step(plan, StepKind.DEPLOY_KEY)
    decide_key(step, KeyDecision.ROTATE, because="a new one", acting_user=leaving.admin, new_owner=aria.person)
    leaving.run("offboard_deploy_key", rounds=1)
    step.refresh_from_db()
    assert (step.verdict, leaving.key_lives(key)) == ("", True)
    leaving.drop_key(key)
    leaving.run("offboard_deploy_key", rounds=1)
    step.refresh_from_db()
    key.refresh_from_db()
    assert (step.verdict, key.state) == (Verdict.PROVEN, "gone")
