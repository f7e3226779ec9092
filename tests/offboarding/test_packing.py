"""The signed evidence pack of a real plan: asked for, made by the worker, checked by the file that needs nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from pytest_django import Settings

from accounts.models import User
from audit import verifier
from audit.models import Event, EvidencePack
from audit.signing import SigningKey, configured_key
from offboarding.models import Plan
from offboarding.operations.packing import ask_for_pack
from offboarding.report_presentation import report_context
from offboarding.signing import note_signing_key, signing
from tests.offboarding.leaving import CLEAN_UP, Leaving
from tests.tokens.desk import run_due_jobs, signed_in, tags
from tokens.models import Capability
from workqueue.models import Job

PARTS = ("plan", "steps", "evidence", "countersigns", "rotation", "coverage", "events")


@pytest.fixture(autouse=True)
def a_worker(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.offboarding.addresses"
    settings.DEMO, settings.AUDIT_SIGNING_KEY = True, "SANDBOX-a-key-of-the-tests"


@pytest.fixture
def plan(leaving: Leaving, a_worker: None) -> Plan:
    """Cut and cleaned up."""
    leaving.token("laptop")
    plan = leaving.cut()
    leaving.run(*CLEAN_UP)
    return Plan.objects.select_related("person").get(pk=plan.pk)


def lines_in(pack: bytes, part: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in verifier.files_in(pack)[f"{part}.jsonl"].splitlines()]


def checked(tmp_path: Path, pack: bytes) -> subprocess.CompletedProcess[str]:
    """What the stand-alone file says of it."""
    files = {"pack.zip": pack, "portal.key": configured_key().public_text.encode(), "verify.py": _verifier()}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    command = [sys.executable, "-I", "verify.py", "pack.zip", "--key", "portal.key"]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)


def _verifier() -> bytes:
    return Path(verifier.__file__).read_bytes()


def test_a_pack_holds_everything_and_verifies(leaving: Leaving, plan: Plan, tmp_path: Path) -> None:
    job = ask_for_pack(plan, acting_user=leaving.admin)
    assert ask_for_pack(plan, acting_user=leaving.admin).pk == job.pk
    run_due_jobs("offboard_pack")
    job.refresh_from_db()
    assert job.state == "done", job.reason
    stored = EvidencePack.objects.get()
    pack = bytes(stored.content)
    assert (stored.made_by, stored.subject_type, stored.subject_id) == ("Ada", "plan", str(plan.pk))
    assert tags()[-2:] == ["pack:made", "plan:packed"]
    files = verifier.files_in(pack)
    assert {f"{part}.jsonl" for part in PARTS} | {"statement.txt", "report.pdf", "verify.py"} <= set(files)
    assert len(lines_in(pack, "steps")) == plan.steps.count()
    assert {str(line["request"]).partition(" ")[0] for line in lines_in(pack, "evidence")} >= {"GET", "DELETE", "POST"}
    assert files["statement.txt"].decode().startswith(f"Offboarding of {plan.person}")
    assert files["report.pdf"].startswith(b"%PDF")
    told = {str(line["tag"]) for line in lines_in(pack, "events")}
    assert {"plan:drafted", "plan:started", "plan:cut", "step:completed", "person:blocked"} <= told
    assert {line["kind"] for line in lines_in(pack, "coverage") if "kind" in line} >= {"api_tokens", "webhooks"}
    answer = checked(tmp_path, pack)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_one_flipped_byte_does_not_verify(leaving: Leaving, plan: Plan, tmp_path: Path) -> None:
    ask_for_pack(plan, acting_user=leaving.admin)
    run_due_jobs("offboard_pack")
    pack = bytes(EvidencePack.objects.get().content)
    for part in (b"account_status inactive", b"%PDF", b"plan:started"):
        at = pack.index(part)
        answer = checked(tmp_path, pack[:at] + bytes([pack[at] ^ 1]) + pack[at + 1 :])
        assert answer.returncode == 1, part
    assert SigningKey(bytes(32)).key_id != configured_key().key_id


def test_events_of_others_and_from_before_stay_out(leaving: Leaving, plan: Plan, emma: User) -> None:
    ask_for_pack(plan, acting_user=leaving.admin)
    run_due_jobs("offboard_pack")
    lines = lines_in(bytes(EvidencePack.objects.get().content), "events")
    assert {line["subject_id"] for line in lines if line["subject_type"] == "person"} == {plan.person.account_id}
    assert len(lines) < Event.objects.count()


def test_without_a_key_there_is_no_button_and_words_say_why(leaving: Leaving, plan: Plan, settings: Settings) -> None:
    assert not signing().is_possible
    settings.AUDIT_SIGNING_KEY = ""
    note_signing_key()
    page = render_to_string("offboarding/_report.html", report_context(plan, leaving.admin))
    assert "AUDIT_SIGNING_KEY is not set for the worker" in page
    assert "Make a signed evidence pack" not in page
    ask_for_pack(plan, acting_user=leaving.admin)
    run_due_jobs("offboard_pack")
    job = Job.objects.get(kind="offboard_pack")
    assert (job.state, EvidencePack.objects.count()) == ("failed", 0)
    page = render_to_string("offboarding/_report.html", report_context(plan, leaving.admin))
    assert "The last evidence pack could not be made" in page


def test_the_page_offers_it_once_the_worker_has_said_that_it_can(leaving: Leaving, plan: Plan, otto: User) -> None:
    note_signing_key()
    note_signing_key()
    assert Capability.objects.get(name="sign_packs").level == "automatic"
    page = render_to_string("offboarding/_report.html", report_context(plan, leaving.admin))
    assert "Make a signed evidence pack" in page
    assert "Make a signed evidence pack" not in render_to_string("offboarding/_report.html", report_context(plan, otto))
    answer = signed_in(leaving.admin).post(f"/offboardings/{plan.pk}/pack/")
    assert (answer.status_code, answer["Location"]) == (302, plan.get_absolute_url())
    page = render_to_string("offboarding/_report.html", report_context(plan, leaving.admin))
    assert "An evidence pack is being made" in page
    assert "<form" not in page
    run_due_jobs("offboard_pack")
    page = render_to_string("offboarding/_report.html", report_context(plan, otto))
    assert f"/trail/packs/{EvidencePack.objects.get().pk}/" in page


def test_only_who_runs_plans_asks_for_one(plan: Plan, otto: User, emma: User) -> None:
    for user in (otto, emma):
        assert signed_in(user).post(f"/offboardings/{plan.pk}/pack/").status_code == 403
    assert signed_in(otto).get(f"/offboardings/{plan.pk}/pack/").status_code == 405
    assert not Job.objects.filter(kind="offboard_pack").exists()
