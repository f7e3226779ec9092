"""`manage.py offboard`: what it does, prints and ends with."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import Person, User
from audit.models import Event
from offboarding.models import Plan
from offboarding.operations.planning import cancel_plan, plan_offboarding
from offboarding.os_user import os_user
from offboarding.states import PlanState, StepKind
from tests.offboarding.command import offboard, workers
from tests.offboarding.leaving import CLEAN_UP, CUT, Leaving
from tests.tokens.desk import run_due_jobs
from workqueue.models import Job, JobState

ROOT = Path(__file__).resolve().parents[2]
ME = pwd.getpwuid(os.getuid()).pw_name
HERE = (*CUT, *CLEAN_UP, "offboard_rotate", "offboard_membership")


def all_workers(leaving: Leaving) -> None:
    """Everything that is due, once."""
    leaving.run(*HERE, rounds=1)


@pytest.fixture(autouse=True)
def nobody_used_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs these tests."""
    monkeypatch.delenv("SUDO_USER", raising=False)


def test_it_plans_and_takes_nothing_away(leaving: Leaving) -> None:
    before = leaving.tokens_left()
    ended = offboard(leaving.leaver.username, "--as", leaving.admin.username, "--reference", "HR-7")
    assert ended.code == 0, ended.err
    plan = Plan.objects.get()
    assert (plan.state, plan.origin, plan.reference, plan.planned_by) == (
        "draft",
        "command",
        "HR-7",
        leaving.admin.person,
    )
    assert "draft" in ended.out
    assert plan.get_absolute_url() in ended.out
    assert leaving.tokens_left() == before > 0
    again = offboard(leaving.leaver.username, "--as", leaving.admin.username)
    assert (again.code, Plan.objects.count()) == (0, 1)


def test_who_sat_at_the_server_is_recorded(leaving: Leaving, monkeypatch: pytest.MonkeyPatch) -> None:
    """The account is the system's word; what the environment says of it, anybody sets."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    monkeypatch.setenv("SUDO_USER", "grace")
    offboard(leaving.leaver.username, "--as", leaving.admin.username)
    plan = Plan.objects.get()
    assert plan.planned_by_label == f"{leaving.admin.person} (command line, as {ME}, by sudo of grace)"
    event = Event.objects.get(tag="plan:drafted")
    assert event.details["os_user"] == f"{ME}, by sudo of grace"
    assert event.actor_account_id == leaving.admin.username


def test_an_odd_name_before_sudo_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "eve\n[31m" + "x" * 500)
    assert os_user().isprintable()
    assert len(os_user()) < 160


def test_the_times_are_utc_unless_they_say_otherwise(leaving: Leaving) -> None:
    offboard(
        leaving.leaver.username,
        "--as",
        leaving.admin.username,
        "--leaves-at=2026-12-01T17:00",
        "--reported-at=2026-11-01T09:00:00+02:00",
        "--starts-at=2026-12-01T17:00:00Z",
    )
    plan = Plan.objects.get()
    assert plan.leaves_at is not None
    assert plan.reported_at is not None
    assert plan.leaves_at.isoformat() == "2026-12-01T17:00:00+00:00" == plan.starts_at.isoformat()  # type: ignore[union-attr]
    assert plan.reported_at.isoformat() == "2026-11-01T07:00:00+00:00"
    assert plan.scheduled_by == leaving.admin.person


REFUSED = {
    "nobody by that id": (["712020:nobody", "--as", "{admin}"], "does not know a person"),
    "who never signed in": (["{leaver}", "--as", "712020:nobody"], "ever signed in"),
    "an employee": (["{leaver}", "--as", "{leaver}"], "may not do this"),
    "a time nobody can read": (["{leaver}", "--as", "{admin}", "--leaves-at", "tomorrow"], "leaves_at is no time"),
    "a secret as reference": (["{leaver}", "--as", "{admin}", "--reference", "ATATT3x" + "F" * 60], "like a secret"),
    "a file that is not there": (["--file", "/no/such/file", "--as", "{admin}"], "cannot be read"),
}


@pytest.mark.parametrize("which", REFUSED)
def test_a_refusal_is_a_sentence_and_ends_with_1(leaving: Leaving, which: str) -> None:
    arguments, words = REFUSED[which]
    names = {"admin": leaving.admin.username, "leaver": leaving.leaver.username}
    ended = offboard(*(one.format(**names) for one in arguments), "--cut-now", "--json")
    assert (ended.code, ended.out) == (1, "")
    assert words in ended.err
    assert "ATATT" not in ended.err
    assert not Plan.objects.exists()


def test_as_is_required_and_says_so(leaving: Leaving) -> None:
    ended = offboard(leaving.leaver.username, "--cut-now")
    assert ended.code == 1
    assert "--as" in ended.err
    done = subprocess.run(
        [sys.executable, "manage.py", "offboard", "712020:lee"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "--as" in done.stderr) == (2, True)


def test_the_help_tells_every_end() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "offboard", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for words in ("0  planned", "1  refused", "3  with --wait", "4  the start needs", "5  a person", "6  no worker"):
        assert words in done.stdout


def test_an_admin_whose_role_went_is_refused(leaving: Leaving, settings: object) -> None:
    settings.PORTAL_ADMINS = []  # type: ignore[attr-defined]
    ended = offboard(leaving.leaver.username, "--as", leaving.admin.username, "--cut-now")
    assert (ended.code, Plan.objects.count()) == (1, 0)
    assert "may not do this" in ended.err


def test_a_cut_that_is_waited_for_ends_well_and_tells_everything(
    leaving: Leaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaving.token()
    workers(monkeypatch, lambda: all_workers(leaving))
    ended = offboard(
        leaving.leaver.username,
        "--as",
        leaving.admin.username,
        "--cut-now",
        "--wait",
        "--json",
        "--leaves-at",
        timezone.now().isoformat(),
    )
    assert ended.code == 0, ended.err
    assert (leaving.tokens_left(), leaving.account.is_on, leaving.grants_left()) == (0, False, [])
    answer = ended.json()
    plan = Plan.objects.get()
    assert (answer["plan"], answer["account_id"]) == (plan.pk, leaving.leaver.username)
    assert {"state", "coverage", "minutes", "requests", "steps", "cut_at"} <= set(answer)
    by_kind = {step["kind"]: step for step in answer["steps"]}
    deleted = by_kind["delete_tokens"]
    assert (deleted["phase"], deleted["state"], deleted["verdict"]) == ("cut", "done", "proven")
    assert set(deleted) == {"id", "key", "phase", "kind", "title", "state", "reason", "verdict", "words", "evidence"}
    rows = deleted["evidence"]
    assert any(row["request"].startswith("DELETE ") and row["status"] == 204 for row in rows)
    assert any(row["proves"] for row in rows)
    assert set(rows[0]) == {"at", "request", "status", "answer", "subject", "proves", "by"}
    assert str(plan.started_by_label).endswith(f"(command line, as {ME})")


def test_without_wait_it_starts_and_returns(leaving: Leaving) -> None:
    before = leaving.tokens_left()
    ended = offboard(leaving.leaver.username, "--as", leaving.admin.username, "--cut-now")
    assert (ended.code, Plan.objects.get().state) == (0, "running")
    assert leaving.tokens_left() == before > 0, "the workers act, not this process"
    again = offboard(leaving.leaver.username, "--as", leaving.admin.username, "--cut-now")
    assert (again.code, Plan.objects.count(), Event.objects.filter(tag="plan:started").count()) == (0, 1, 1)


def test_no_worker_is_told_from_slow_ones(leaving: Leaving, monkeypatch: pytest.MonkeyPatch) -> None:
    workers(monkeypatch, lambda: None)
    arguments = [leaving.leaver.username, "--as", leaving.admin.username, "--wait-seconds", "0.1", "--json"]
    ended = offboard(*arguments, "--rehearse")
    assert ended.code == 6
    assert "worker-revoke" in ended.err
    assert ended.json()["state"] == "draft"
    ended = offboard(*arguments, "--cut-now", "--wait")
    assert (ended.code, ended.json()["state"]) == (6, "running")
    Job.objects.filter(kind="offboard_delete_tokens").update(attempt=1)
    assert offboard(*arguments, "--cut-now", "--wait").code == 3


def test_a_rehearsal_that_was_not_met_stops_the_cut(leaving: Leaving, monkeypatch: pytest.MonkeyPatch) -> None:
    workers(monkeypatch, lambda: None)
    ended = offboard(
        leaving.leaver.username, "--as", leaving.admin.username, "--rehearse", "--cut-now", "--wait-seconds", "0.1"
    )
    assert (ended.code, Plan.objects.get().state) == (6, "draft")


def test_a_rehearsal_that_failed_needs_a_person(leaving: Leaving, monkeypatch: pytest.MonkeyPatch) -> None:
    fail = {"state": JobState.FAILED, "ended_at": timezone.now(), "reason": "401"}
    workers(monkeypatch, lambda: Job.objects.filter(kind="offboard_rehearse").update(**fail))
    assert offboard(leaving.leaver.username, "--as", leaving.admin.username, "--rehearse").code == 5


def test_a_rehearsal_with_problems_is_told_and_stops_the_cut(leaving: Leaving, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"at": "", "lines": [{"phase": "cut", "title": "Delete", "detail": "4 tokens", "calls": []}]}
    told["problems"] = ["the key is refused"]

    def rehearse() -> None:
        Plan.objects.update(rehearsal=told)
        Job.objects.filter(kind="offboard_rehearse").update(state=JobState.DONE, ended_at=timezone.now())

    workers(monkeypatch, rehearse)
    ended = offboard(leaving.leaver.username, "--as", leaving.admin.username, "--rehearse", "--cut-now")
    assert (ended.code, Plan.objects.get().state) == (5, "draft")
    assert "Delete: 4 tokens" in ended.out
    assert "the key is refused" in ended.out


def test_rehearsing_again_waits_for_the_new_rehearsal(leaving: Leaving, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = leaving.plan()
    Job.objects.filter(kind="offboard_rehearse").update(state=JobState.DONE, ended_at=timezone.now())
    workers(monkeypatch, lambda: None)
    ended = offboard(leaving.leaver.username, "--as", leaving.admin.username, "--rehearse", "--wait-seconds", "0.1")
    assert ended.code == 6, "the old one is no answer"
    assert Job.objects.filter(kind="offboard_rehearse", payload__plan=plan.pk).count() == 2


def test_a_step_that_cannot_go_on_needs_a_person(leaving: Leaving, monkeypatch: pytest.MonkeyPatch) -> None:
    leaving.token()
    leaving.desk.fault("status", "/users/*", status=403)
    workers(monkeypatch, lambda: all_workers(leaving))
    ended = offboard(leaving.leaver.username, "--as", leaving.admin.username, "--cut-now", "--wait", "--json")
    leaving.desk.world.faults.clear()
    assert ended.code == 5, ended.err
    stuck = [step for step in ended.json()["steps"] if step["state"] == "needs_human" and step["phase"] == "cut"]
    assert "403" in stuck[0]["reason"]


def test_the_identity_provider_is_a_person_too(leaving: Leaving, monkeypatch: pytest.MonkeyPatch) -> None:
    leaving.account.directory = "saml"
    workers(monkeypatch, lambda: all_workers(leaving))
    ended = offboard(leaving.leaver.username, "--as", leaving.admin.username, "--cut-now", "--wait", "--json")
    assert ended.code == 5
    off = next(step for step in ended.json()["steps"] if step["kind"] == "switch_off")
    assert (off["state"], "identity provider" in off["title"]) == ("waiting", True)


def test_a_stopped_plan_waits_for_a_person(leaving: Leaving) -> None:
    plan = leaving.started()
    Plan.objects.filter(pk=plan.pk).update(stopped_at=timezone.now())
    assert offboard(leaving.leaver.username, "--as", leaving.admin.username, "--cut-now", "--wait").code == 5


def test_what_is_called_off_meanwhile_is_said(leaving: Leaving, monkeypatch: pytest.MonkeyPatch) -> None:
    def call_off() -> None:
        cancel_plan(Plan.objects.get(), because="Lee stays", acting_user=leaving.admin)

    workers(monkeypatch, call_off)
    ended = offboard(leaving.leaver.username, "--as", leaving.admin.username, "--cut-now", "--wait")
    assert (ended.code, "called off" in ended.err) == (1, True)


def test_interrupting_stops_the_waiting_only(leaving: Leaving, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("offboarding.following.time.sleep", interrupt)
    ended = offboard(leaving.leaver.username, "--as", leaving.admin.username, "--cut-now", "--wait")
    assert (ended.code, Plan.objects.get().state) == (130, "running")


def test_oneself_and_a_sixth_start_need_a_second_admin(leaving: Leaving, second_admin: User) -> None:
    ended = offboard(leaving.admin.username, "--as", leaving.admin.username, "--cut-now", "--wait", "--json")
    assert (ended.code, ended.json()["state"]) == (4, "draft")
    assert "whoever starts it is the leaver" in ended.json()["waits_for_second_admin"]


def test_a_file_plans_each_line_and_one_bad_line_stops_none(leaving: Leaving, emma: User, tmp_path: Path) -> None:
    gone = Person.objects.create(account_id="712020:gone")
    plan_offboarding(emma.person, acting_user=leaving.admin)
    names = [leaving.leaver.username, "712020:nobody", emma.username, gone.account_id]
    path = tmp_path / "leavers.csv"
    lines = [f"{name};HR-{number};" for number, name in enumerate(names)]
    path.write_text("\ufeffaccount_id;reference;leaves_at\r\n" + "\r\n".join(lines) + "soon\r\n", encoding="utf-8")
    ended = offboard("--file", str(path), "--as", leaving.admin.username, "--json")
    answer = ended.json()
    told = [(line["line"], line["who"], line["answer"]) for line in answer["lines"]]
    answers = ["planned", "unknown", "planned", "refused"]
    assert told == list(zip(range(2, 6), names, answers, strict=True))
    assert [plan["account_id"] for plan in answer["plans"]] == [leaving.leaver.username, emma.username]
    assert (ended.code, "Some lines were refused" in ended.err) == (1, True)
    assert {plan.state for plan in Plan.objects.all()} == {"draft"}


def test_a_file_that_is_cut_now_starts_five_and_asks_for_the_sixth(leaving: Leaving, tmp_path: Path) -> None:
    people = [Person.objects.create(account_id=f"712020:more{number}") for number in range(6)]
    path = tmp_path / "leavers.csv"
    path.write_text("account_id\n" + "".join(f"{one.account_id}\n" for one in people), encoding="utf-8")
    ended = offboard("--file", str(path), "--as", leaving.admin.username, "--cut-now")
    assert ended.code == 4
    states = list(Plan.objects.order_by("pk").values_list("state", flat=True))
    assert states == [PlanState.RUNNING] * 5 + [PlanState.DRAFT]
    assert not Plan.objects.latest("pk").steps.filter(kind=StepKind.DELETE_TOKENS).exists()


def test_this_process_sends_nothing(leaving: Leaving) -> None:
    leaving.desk.world.counters.clear()
    offboard(leaving.leaver.username, "--as", leaving.admin.username, "--cut-now")
    assert leaving.desk.sent() == 0
    assert run_due_jobs("offboard_delete_tokens")[0].state == JobState.DONE, "worker-revoke does"
