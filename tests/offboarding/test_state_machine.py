"""Whatever fails, and whatever the world does meanwhile, in any order: nothing is called done that is not, and once the
trouble is over and people have done their part, the plan comes to its end."""

import os
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from django.db.models.functions import Now
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from offboarding.models import KeyDecision, Plan, Step, Verdict
from offboarding.operations.attesting import attest_step, confirm_step
from offboarding.operations.deploy_key_decisions import decide_key
from offboarding.operations.starting import start_plan
from offboarding.operations.step_actions import retry_step
from offboarding.operations.stopping import release_clean_up, resume_plan, stop_plan
from offboarding.states import STUCK, TASK_KINDS, StepKind
from tests.offboarding.leaving import HELD, Leaving
from tests.tokens.desk import Desk
from tokens.models import Credential
from tokens.operations.change import NotAllowed, Stale
from workqueue import runner
from workqueue.models import DUE_STATES, Job

PATHS = (
    "/users/*/manage/api-tokens*",
    "/users/*/manage/profile",
    "/users/*/lifecycle/*",
    "*/permissions-config/*",
    "*/permissions/repositories*",
    "*/members/*",
    "/admin/*",
    "*deploy-keys*",
)
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 429, "retry_after": "3600"},
    {"kind": "status", "status": 404},
    {"kind": "status", "status": 403},
    {"kind": "status", "status": 401},
    {"kind": "html"},
    {"kind": "empty"},
    {"kind": "malformed"},
    {"kind": "no_values"},
    {"kind": "keep", "method": "DELETE"},
    {"kind": "done_then_status", "status": 500},
    {"kind": "lost_admin"},
)
MACHINE_KINDS = (
    StepKind.DELETE_TOKENS,
    StepKind.SWITCH_OFF,
    StepKind.DELETE_LATE_TOKENS,
    StepKind.READ_RIGHTS,
    StepKind.REMOVE_GRANT,
    StepKind.PROVE_RIGHTS,
    StepKind.MEMBERSHIP,
    StepKind.DEPLOY_KEY,
    StepKind.ROTATE,
)


class Offboarding(RuleBasedStateMachine):
    """One plan, and everything that may happen to it."""

    def __init__(self, leaving: Leaving, second: Any) -> None:
        super().__init__()
        self.leaving, self.second = leaving, second
        self.whole = transaction.atomic()
        self.whole._from_testcase = True  # type: ignore[attr-defined]  # no transaction of the portal's
        self.whole.__enter__()
        self.plan: Plan

    @initialize(tokens=st.integers(0, 2))
    def start(self, tokens: int) -> None:
        """The plan begins."""
        self.leaving.desk.world.start_over()
        self.leaving.desk.world.faults.clear()
        for number in range(tokens):
            self.leaving.token(f"token {number}")
        self.plan = start_plan(self.leaving.plan(), acting_user=self.leaving.admin)

    def fresh(self) -> Plan:
        """The plan as it stands."""
        self.plan.refresh_from_db()
        return self.plan

    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.fresh().is_started

    @rule(kind=st.sampled_from(MACHINE_KINDS))
    def work(self, kind: StepKind) -> None:
        """One attempt at one step of this kind; what it proves is true at this moment."""
        job = self._due(kind)
        if job is None:
            return
        Job.objects.filter(pk=job.pk).update(next_attempt_at=Now())
        runner.run(job.pk)
        step = Step.objects.get(job_id=job.pk)
        if step.verdict == Verdict.PROVEN:
            self._is_true(step)

    def _due(self, kind: StepKind) -> Job | None:
        waiting = Job.objects.filter(step__plan=self.plan, step__kind=kind, state__in=DUE_STATES)
        return waiting.exclude(reason=HELD).exclude(reason__startswith="Stopped by").order_by("next_attempt_at").first()

    def _is_true(self, step: Step) -> None:
        if step.kind in (StepKind.DELETE_TOKENS, StepKind.DELETE_LATE_TOKENS):
            assert self.leaving.tokens_left() == 0
        if step.kind == StepKind.SWITCH_OFF:
            assert not self.leaving.account.is_on
        if step.kind == StepKind.REMOVE_GRANT:
            assert step.target["address"] not in {place for _, place, _ in self.leaving.grants_left()}
        if step.kind == StepKind.MEMBERSHIP:
            assert self.leaving.account.account_id not in self.leaving.desk.world.workspaces["acme"].seats
        if step.kind == StepKind.PROVE_RIGHTS:
            assert self.leaving.grants_left() == []

    @precondition(is_open)
    @rule(path=st.sampled_from(PATHS), fault=st.sampled_from(FAULTS), count=st.integers(1, 3))
    def trouble(self, path: str, fault: dict[str, Any], count: int) -> None:
        """The next calls fail."""
        self.leaving.desk.world.faults.add({"path": path, "count": count, **fault})

    @rule()
    def calm(self) -> None:
        """The trouble is over."""
        self.leaving.desk.world.faults.clear()

    @precondition(is_open)
    @rule()
    def make_token(self) -> None:
        """The leaver makes a token, as long as the account works."""
        if self.leaving.account.is_on:
            self.leaving.token("made meanwhile")

    @precondition(is_open)
    @rule(number=st.integers(0, 11))
    def give(self, number: int) -> None:
        """Somebody gives the leaver something, while grants are still being taken away."""
        acme = self.leaving.desk.world.workspaces["acme"]
        proofs = self.plan.steps.filter(kind=StepKind.PROVE_RIGHTS)
        if not proofs.exists():
            place = acme.repositories[number % len(acme.repositories)]
            acme.grants.set("repository", "users", place.uuid, self.leaving.account.account_id, "admin")
            acme.touch()

    @rule()
    def take_seat(self) -> None:
        """An administrator takes the seat away."""
        self.leaving.desk.world.workspaces["acme"].seats.pop(self.leaving.account.account_id, None)

    @precondition(is_open)
    @rule()
    def try_again(self) -> None:
        """An admin lets everything that is stuck be tried once more."""
        for step in self._stuck():
            with suppress(NotAllowed, Stale):
                retry_step(step, acting_user=self.leaving.admin)

    def _stuck(self) -> list[Step]:
        stuck = self.plan.steps.filter(closed_at=None, job__state__in=STUCK)
        stuck = stuck.exclude(kind__in=TASK_KINDS - {StepKind.MEMBERSHIP})
        return list(stuck.exclude(kind=StepKind.DEPLOY_KEY, decision=""))

    @precondition(is_open)
    @rule()
    def stop(self) -> None:
        """An admin stops it."""
        with suppress(Stale):
            stop_plan(self.plan, because="wait", acting_user=self.leaving.admin)

    @precondition(is_open)
    @rule()
    def resume(self) -> None:
        """An admin lets it go on."""
        with suppress(Stale):
            resume_plan(self.plan, acting_user=self.leaving.admin)

    @precondition(is_open)
    @rule()
    def release(self) -> None:
        """An admin begins the clean-up early."""
        with suppress(Stale):
            release_clean_up(self.plan, because="the identity provider takes days", acting_user=self.leaving.admin)

    @invariant()
    def completed_is_true(self) -> None:
        """A completed plan leaves nothing behind."""
        if hasattr(self, "plan") and self.fresh().state == "completed":
            assert self.leaving.tokens_left() == 0
            assert not self.leaving.account.is_on
            assert self.leaving.grants_left() == []

    @invariant()
    def revoked_is_gone(self) -> None:
        """No credential counts as revoked whose entry is still there."""
        revoked = Credential.objects.filter(state="revoked", kind="api_token").values_list("listing_id", flat=True)
        assert not set(revoked) & set(self.leaving.desk.world.api_tokens)

    def teardown(self) -> None:
        """The trouble is over, people do their part: it comes to its end."""
        try:
            if hasattr(self, "plan"):
                self._bring_to_end()
        finally:
            transaction.set_rollback(True)
            self.whole.__exit__(None, None, None)

    def _bring_to_end(self) -> None:
        self.calm()
        self.take_seat()
        for _ in range(12):
            if not self.is_open():
                break
            self.resume()
            self.try_again()
            self._decide()
            for kind in MACHINE_KINDS:
                for _ in range(40):
                    if self._due(kind) is None:
                        break
                    self.work(kind)
            self._attest()
        left = self.plan.steps.filter(closed_at=None).values_list("kind", "job__state", "job__reason", "target")
        assert self.fresh().state == "completed", (list(left), self.plan.stopped_at)
        self.completed_is_true()

    def _decide(self) -> None:
        for step in self.plan.steps.filter(kind=StepKind.DEPLOY_KEY, closed_at=None, decision=""):
            decide_key(step, KeyDecision.DELETE, because="not needed", acting_user=self.leaving.admin)

    def _attest(self) -> None:
        tasks = self.plan.steps.filter(kind__in=TASK_KINDS - {StepKind.MEMBERSHIP}, closed_at=None)
        for step in tasks.exclude(kind=StepKind.ROTATE, job__state__in=DUE_STATES):
            step.items.update(done_at=Now())
            asked = attest_step(step, words="done, see the ticket", acting_user=self.leaving.admin)
            if asked is not None:
                confirm_step(asked, acting_user=self.second)


@pytest.mark.django_db
def test_nothing_false_and_always_an_end(desk: Desk, leaving: Leaving, second_admin: Any) -> None:
    def machine() -> Offboarding:
        return Offboarding(leaving, second_admin)

    run_state_machine_as_test(
        machine,  # type: ignore[arg-type]  # whatever makes one will do
        settings=settings(
            max_examples=int(os.environ.get("OFFBOARDING_EXAMPLES", "12")),
            stateful_step_count=25,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
