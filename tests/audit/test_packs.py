"""Making packs, keeping them, checking them on the command line, and handing them out."""

import base64
import hashlib
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from audit import verifier
from audit.content import RefusedContent
from audit.models import Event, EvidencePack
from audit.packs import build_pack, lines_of_events, store_pack
from audit.queries import newest_pack
from audit.signing import NoSigningKey, key_id_of
from audit.tags import Tag
from audit.trail import Subject
from tests.accounts.people import make_user
from tests.audit.events import ARIA, happen, tamper
from tests.audit.packing import KEY_TEXT, MADE_AT, OURS, PUBLIC, REPORT, THEIRS, a_pack, key_file
from tests.portal.pack_scene import CONTENT, a_stored_pack

pytestmark = pytest.mark.django_db
LEE = Subject("person", "712020:lee", "Lee")
TOKEN = b"ATATT3xFfGF0123456789abcdef"


@pytest.fixture(autouse=True)
def settings_of_a_worker(settings: Settings) -> None:
    settings.AUDIT_SIGNING_KEY, settings.DEMO = KEY_TEXT, False
    settings.PORTAL_ADMINS, settings.PORTAL_AUDITORS = [], ["712020:otto"]
    settings.SECURE_SSL_REDIRECT = False
    settings.STATIC_ROOT = None  # nobody reads collected files here
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def built(**changes: Any) -> bytes:
    given: dict[str, Any] = {"name": "A pack", "parts": {}, "about": {}, "made_at": MADE_AT}
    return build_pack(**given | changes)


def test_a_pack_holds_what_was_given() -> None:
    files = verifier.files_in(a_pack())
    assert list(files) == [
        "README.txt", "verify.py", "events.jsonl", "steps.jsonl", "report.pdf", "manifest.json", "manifest.sig",
    ]  # fmt: skip
    assert files["report.pdf"] == REPORT
    assert files["steps.jsonl"].decode().splitlines()[1] == '{"answer":null,"step":"Łukasz: last grant"}'
    assert files["verify.py"] == Path(verifier.__file__).read_bytes()
    assert b"Offboarding of Lee" in files["README.txt"]
    manifest = json.loads(files["manifest.json"])
    newest = Event.objects.get(seq=4)
    assert manifest["head"] == {"seq": 4, "hash": newest.hash}
    assert manifest["about"] == {"account_id": "712020:lee", "reference": "HR-7"}
    assert manifest["made_at"] == "2026-01-31T09:15:00.000000Z"
    assert manifest["key_id"] == OURS.key_id
    assert {entry["name"]: entry.get("lines") for entry in manifest["files"]} == {
        "README.txt": None, "verify.py": None, "events.jsonl": 3, "steps.jsonl": 2, "report.pdf": None,
    }  # fmt: skip


def test_no_key_is_in_a_pack() -> None:
    pack = a_pack()
    for secret in (PUBLIC, PUBLIC.hex().encode(), OURS.public_text.encode(), bytes(range(32)), KEY_TEXT.encode()):
        assert secret not in pack


def test_the_same_gives_the_same_bytes() -> None:
    assert built(parts={"a": [{"b": 1, "a": 2}]}) == built(parts={"a": [{"a": 2, "b": 1}]})
    assert built() != built(name="Another")


def test_an_empty_trail_and_no_parts_make_a_pack() -> None:
    report = verifier.check(built(), PUBLIC)
    assert (report.head.seq, report.events) == (0, None)
    assert "audit events" not in report.words()
    assert verifier.check(built(parts={"events": []}), PUBLIC).events == 0


def test_events_in_the_wrong_order_or_altered_make_none() -> None:
    for _ in range(2):
        happen()
    lines = list(lines_of_events(Event.objects.order_by("-seq")))
    verifier.check(built(parts={"events": lines}), PUBLIC)
    with pytest.raises(verifier.DoesNotHold, match="event 1 stands after event 2"):
        built(parts={"events": lines[::-1]})
    with pytest.raises(verifier.DoesNotHold, match="event 2 was altered"):
        built(parts={"events": [lines[0], {**lines[1], "actor_label": "Nobody"}]})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": TOKEN.decode()}, "'name' looks like a secret"),
        ({"about": {"where": "https://me:pass@host/"}}, "'where' looks like a secret"),
        ({"about": {"password": "x"}}, "may not be called 'password'"),
        ({"parts": {"steps": [{"answer": f"it is {TOKEN.decode()}"}]}}, "'answer' looks like a secret"),
        ({"parts": {"steps": [{"answer": 0.5}]}}, "is a float"),
        ({"parts": {"Steps": []}}, "may not be called 'Steps'"),
        ({"parts": {"../steps": []}}, "may not be called"),
        ({"attachments": {"statement.txt": b"it is " + TOKEN}}, "'statement.txt' looks like a secret"),
        ({"attachments": {"report.pdf": b"\xff\xfe" + TOKEN + b"\xff"}}, "'report.pdf' looks like a secret"),
        *(({"attachments": {name: b""}}, "may not be called") for name in
          ("verify.py", "readme.TXT", "manifest.json", "Manifest.sig", "steps.jsonl", "a/b", "", ".x", "x" * 101)),
        ({"attachments": {"a.txt": b"", "A.txt": b""}}, "the same name"),
    ],
)  # fmt: skip
def test_what_may_not_be_in_a_pack_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(RefusedContent, match=words) as problem:
        built(**changes)
    assert TOKEN.decode() not in str(problem.value)


def test_a_process_without_the_key_says_so(settings: Settings) -> None:
    settings.AUDIT_SIGNING_KEY = ""
    with pytest.raises(NoSigningKey, match=r"cannot be made: AUDIT_SIGNING_KEY is not set for the worker"):
        built()


def test_the_demos_key_is_its_texts_hash(settings: Settings) -> None:
    settings.AUDIT_SIGNING_KEY, settings.DEMO = "SANDBOX-x", True
    out = StringIO()
    call_command("signing_key", stdout=out)
    verifier.check(built(), verifier.key_from_text(out.getvalue()))


def test_a_pack_is_kept_and_the_trail_vouches_for_it() -> None:
    pack = a_pack()
    stored = store_pack(pack, subject=LEE, made_by=ARIA)
    event = Event.objects.get(tag=Tag.PACK_MADE)
    digest = hashlib.sha256(pack).hexdigest()
    assert (event.details["sha256"], event.details["pack"], event.subject_id) == (digest, stored.pk, LEE.id)
    kept = EvidencePack.objects.get()
    assert bytes(kept.content) == pack
    assert (kept.name, kept.made_at, kept.made_by) == ("Offboarding of Lee", MADE_AT, "Aria")
    assert (kept.size, kept.sha256, kept.key_id) == (len(pack), digest, OURS.key_id)


def test_the_newest_pack_of_somebody() -> None:
    assert newest_pack(LEE) is None
    a_stored_pack()
    (last,) = a_stored_pack()
    found = newest_pack(LEE)
    assert found is not None
    assert found.pk == last
    assert "content" in found.get_deferred_fields()
    assert newest_pack(Subject("request", LEE.id, "")) is None


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """A pack and the key file."""
    path = tmp_path / "pack.zip"
    path.write_bytes(a_pack())
    return {"pack": path, "key": key_file(tmp_path)}


def verify(**options: Path | None) -> str:
    out = StringIO()
    call_command("verify_audit", stdout=out, **options)
    return out.getvalue()


def test_the_command_compares_with_the_trail(files: dict[str, Path]) -> None:
    text = verify(**files)
    assert "The pack holds: 5 files" in text
    assert "Event 4 is the same in this trail." in text
    assert "The trail holds" not in text


def test_a_pack_of_another_trail_is_found(files: dict[str, Path]) -> None:
    tamper("UPDATE audit_event SET hash = repeat('0', 64) WHERE seq = 4")
    with pytest.raises(CommandError, match="event 4 is another one here"):
        verify(**files)
    tamper("DELETE FROM audit_event WHERE seq = 4")
    with pytest.raises(CommandError, match="names event 4, which is not there"):
        verify(**files)


def test_the_command_goes_on_with_the_trail_when_told_to(files: dict[str, Path], tmp_path: Path) -> None:
    text = verify(**files, write_anchor=tmp_path / "heads")
    assert "The pack holds" in text
    assert "The trail holds: 4 events" in text


def test_the_command_refuses_in_words(files: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="name its file with --key"):
        verify(pack=files["pack"])
    with pytest.raises(CommandError, match="name it with --pack"):
        verify(key=files["key"])
    with pytest.raises(CommandError, match=r"missing cannot be read"):
        verify(pack=tmp_path / "missing", key=files["key"])
    with pytest.raises(CommandError, match="The key file cannot be used"):
        verify(pack=files["pack"], key=files["pack"])
    files["key"].write_text(THEIRS.public_text)
    with pytest.raises(CommandError, match="The pack does not hold"):
        verify(**files)


def test_keys_on_the_command_line(settings: Settings) -> None:
    out = StringIO()
    call_command("signing_key", stdout=out)
    assert out.getvalue().splitlines()[-1] == OURS.public_text
    assert KEY_TEXT not in out.getvalue()
    settings.AUDIT_SIGNING_KEY = "nonsense"
    with pytest.raises(CommandError, match="must be base64 of 32 bytes"):
        call_command("signing_key", stdout=StringIO())
    fresh = StringIO()
    call_command("signing_key", new=True, stdout=fresh)
    _, private, words, public = fresh.getvalue().splitlines()
    settings.AUDIT_SIGNING_KEY = private.removeprefix("AUDIT_SIGNING_KEY=")
    key = base64.b64decode(public)
    verifier.check(built(), key)
    assert key_id_of(key) in words


@pytest.fixture
def otto(client: Client) -> None:
    """Signed in as the auditor."""
    client.force_login(make_user("otto", seat=False), backend="accounts.roles.RoleBackend")


def test_a_pack_is_downloaded_and_the_trail_knows(client: Client, otto: None) -> None:
    (number,) = a_stored_pack()
    answer = client.get(reverse("trail_pack", args=[number]))
    assert answer.content == CONTENT
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == f'attachment; filename="offboarding-of-lee-20260131-{number}.zip"'
    assert answer["Cache-Control"] == "no-store"
    event = Event.objects.get(tag=Tag.PACK_DOWNLOADED)
    assert (event.actor_account_id, event.actor_label, event.subject_id) == ("712020:otto", "Otto", "712020:lee")
    assert client.get(reverse("trail_pack", args=[number + 1])).status_code == 404
    assert Event.objects.filter(tag=Tag.PACK_DOWNLOADED).count() == 1


def test_the_verifier_is_handed_out(client: Client, otto: None) -> None:
    answer = client.get(reverse("trail_verifier"))
    assert answer.content == Path(verifier.__file__).read_bytes()
    assert answer["Content-Disposition"] == 'attachment; filename="verify.py"'
