"""What the other side may answer while somebody is offboarded: limits, refusals, and things that appear meanwhile."""

from typing import Any

import pytest

from accounts.models import Workspace
from audit.models import Event
from bitbucket.resources import DeployKey
from bitbucket.resources.people import AccountReference
from offboarding.models import Evidence, KeyDecision, Plan
from offboarding.operations.deploy_key_decisions import decide_key
from offboarding.operations.starting import start_plan
from offboarding.states import StepKind
from tests.faults.leaver import Leaver, assert_true, begin_anew, is_clean, step_of, wait_for_clean_up
from tests.faults.stand_in import TOKENS_OF
from tests.faults.world import World
from tokens.inventory.moments import database_now
from tokens.models import Credential, Repository
from tokens.operations.observed_keys import observe_deploy_keys
from workqueue.models import END_STATES, Job, JobState

DELETE_GRANT = "*/permissions-config/users/*"
MANY_REPOSITORIES = 8
AT_ONCE = 2  # children of one worker


@pytest.fixture(scope="module", autouse=True)
def _workers(world: World) -> None:
    world.start_worker("revoke")


@pytest.fixture(autouse=True)
def _anew(world: World, _workers: None) -> None:
    begin_anew(world)


@pytest.fixture
def lee(world: World) -> Leaver:
    return Leaver(world, "lee")


def test_a_limit_on_tokens_holds_neither_the_account_nor_others_up(world: World, lee: Leaver) -> None:
    """F11: nothing is asked before its time, the account goes off, and somebody else's clean-up goes on."""
    emma = Leaver(world, "emma")
    theirs = emma.start()
    world.wait("Emma is cut", lambda: Plan.objects.get(pk=theirs.pk).cut_at is not None)
    path = TOKENS_OF.format(lee.person.account_id)
    draft = lee.plan()
    world.wait("the rehearsal, which reads the list as well, is over", lambda: _is_rehearsed(draft))
    world.sandbox.fault("status", path, method="GET", status=429, retry_after="3600")
    # The account goes off after the refusal is on record, not in the same moment.
    world.sandbox.fault("latency", "/users/*/manage/profile", milliseconds=500)
    plan = start_plan(draft, acting_user=lee.admin)
    world.wait("Lee's account is off", lambda: step_of(plan, StepKind.SWITCH_OFF).verdict == "proven")
    world.wait("Emma's clean-up goes on", lambda: is_clean(theirs))
    assert_true(emma, theirs)
    tokens = step_of(plan, StepKind.DELETE_TOKENS)
    assert (tokens.verdict, tokens.job.state) == ("", JobState.WAITING)
    assert world.due_in(tokens.job) > 3_000
    assert Plan.objects.get(pk=plan.pk).cut_at is None
    assert world.sandbox.hits() == 1, "the list was asked for again before its time"
    world.sandbox.no_faults()
    wait_for_clean_up(world, plan)
    assert_true(lee, plan)


def _is_rehearsed(plan: Plan) -> bool:
    return Job.objects.filter(kind="offboard_rehearse", key__startswith=f"{plan.pk}:", state__in=END_STATES).exists()


def test_a_refused_bot_is_not_tried_at_every_place(world: World) -> None:
    """F13: a circuit for the whole credential; a handful of calls, not one for each grant."""
    for number in range(MANY_REPOSITORIES):
        project = next(iter(world.sandbox.truth()["workspaces"]["acme"]["projects"]))
        body = {"slug": f"more-{number}", "project": project}
        world.sandbox.ask("POST", "/workspaces/acme/repositories", body)
    lee = Leaver(world, "lee")
    world.sandbox.fault("status", DELETE_GRANT, method="DELETE", status=401)
    plan = lee.start()

    def is_stuck() -> bool:
        removals = plan.steps.filter(kind=StepKind.REMOVE_GRANT)
        stuck = removals.filter(job__state=JobState.NEEDS_HUMAN).count()
        return stuck == removals.count() >= MANY_REPOSITORIES

    world.wait("every removal needs a person", is_stuck)
    assert 1 <= world.sandbox.hits() <= AT_ONCE
    assert not plan.steps.filter(kind=StepKind.REMOVE_GRANT).exclude(verdict="").exists()
    assert not plan.steps.filter(kind=StepKind.PROVE_RIGHTS).exists()


def test_a_key_that_lost_its_right_cuts_nothing(world: World, lee: Leaver) -> None:
    """F27: every call about the account answers 404; nothing of it is called gone."""
    world.sandbox.fault("lost_admin", "/users/*")
    plan = lee.start()

    def is_stuck() -> bool:
        stuck = plan.steps.filter(kind__in=(StepKind.DELETE_TOKENS, StepKind.SWITCH_OFF))
        return stuck.filter(job__state=JobState.NEEDS_HUMAN).count() == 2

    world.wait("a person is needed", is_stuck)
    assert "proves nothing" in step_of(plan, StepKind.DELETE_TOKENS).job.reason
    assert not Evidence.objects.filter(step__plan=plan, proves=True).exists()
    assert (Plan.objects.get(pk=plan.pk).cut_at, bool(lee.tokens_left())) == (None, True)


def test_a_deploy_key_that_is_made_between_two_steps_gets_its_decision(world: World, lee: Leaver) -> None:
    """F28: nobody deletes it by himself, and the plan does not end without a word about it."""
    world.sandbox.fault("latency", DELETE_GRANT, method="DELETE", milliseconds=3_000, count=1)
    plan = lee.start()
    world.wait_for_hits(1)
    key = _made_and_seen(world, lee)
    wait_for_clean_up(world, plan)
    step = step_of(plan, StepKind.DEPLOY_KEY)
    assert (step.credential, step.job.state) == (key, JobState.NEEDS_HUMAN)
    assert Plan.objects.get(pk=plan.pk).completed_at is None
    decide_key(step, KeyDecision.DELETE, because="nobody knows the machine", acting_user=lee.admin)
    world.wait("the key is gone", lambda: step_of(plan, StepKind.DEPLOY_KEY).verdict == "proven")
    assert _keys(world) == []
    assert world.state_of(key) == "revoked"
    told = Event.objects.filter(tag="step:completed", details__plan=plan.pk, details__step=step.key)
    assert told.count() == 1


def _made_and_seen(world: World, leaver: Leaver) -> Credential:
    """A key that the leaver adds at a repository, and that the inventory reads."""
    name, place = next(iter(world.sandbox.truth()["workspaces"]["acme"]["repositories"].items()))
    path = f"/workspaces/acme/repositories/{name.rpartition('/')[2]}/deploy-keys"
    made: dict[str, Any] = world.sandbox.ask("POST", path, {"label": "late", "owner": leaver.key})
    now = database_now()
    workspace = Workspace.objects.get(slug="acme")
    seen = {"slug": name.rpartition("/")[2], "full_name": name, "first_seen_at": now, "observed_at": now}
    row, _ = Repository.objects.get_or_create(workspace=workspace, uuid=place["uuid"], defaults=seen)
    person = leaver.person
    owner = AccountReference(person.account_id, person.uuid, person.display_name)
    told = DeployKey(str(made["id"]), "late", "", "", now, None, owner)
    observe_deploy_keys(row, [told], read_by="deploy keys", at=now)
    return Credential.objects.get(kind="deploy_key", listing_id__endswith=f":{made['id']}")


def _keys(world: World) -> list[Any]:
    """The deploy keys labelled so that still exist."""
    places = world.sandbox.truth()["workspaces"]["acme"]["repositories"].values()
    return [key for place in places for key in place["deploy_keys"] if key["label"] == "late"]
