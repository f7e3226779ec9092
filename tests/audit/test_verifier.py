"""Whoever changes a pack is found out by the stand-alone file, whatever they change."""

import ast
import base64
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from audit import verifier
from audit.verifier import DoesNotHold, check
from tests.audit.packing import (
    KEY_TEXT,
    OURS,
    PUBLIC,
    REPORT,
    THEIRS,
    Files,
    a_pack,
    changed,
    key_file,
    signed_again,
)

pytestmark = pytest.mark.django_db
SOURCE = Path(verifier.__file__)


@pytest.fixture(autouse=True)
def signing(settings: Settings) -> None:
    settings.AUDIT_SIGNING_KEY, settings.DEMO = KEY_TEXT, False


@pytest.fixture
def pack() -> bytes:
    return a_pack()


def alone(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """The file from inside a pack, in a folder with nothing else, with Python's standard library and no environment."""
    (folder / "verify.py").write_bytes(SOURCE.read_bytes())
    command = [sys.executable, "-I", "-S", "verify.py", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, timeout=60, check=False)


def run_on(folder: Path, pack: bytes) -> subprocess.CompletedProcess[str]:
    (folder / "pack.zip").write_bytes(pack)
    return alone(folder, "pack.zip", "--key", key_file(folder))


def test_the_file_alone_finds_that_it_holds(tmp_path: Path, pack: bytes) -> None:
    answer = run_on(tmp_path, pack)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert f"The pack holds: 5 files, as signed with key {OURS.key_id}, made 2026-01-31T09:15:00" in answer.stdout
    assert "Its 3 audit events are in order" in answer.stdout
    assert "its newest event then was 4, hash" in " ".join(answer.stdout.split())


def test_the_file_alone_says_what_does_not_hold(tmp_path: Path, pack: bytes) -> None:
    answer = run_on(tmp_path, pack.replace(b"HR-7", b"HR-8"))
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith("The pack does not hold. manifest.json is not what key")


def test_the_file_alone_says_how_it_is_called(tmp_path: Path, pack: bytes) -> None:
    (tmp_path / "pack.zip").write_bytes(pack)
    (tmp_path / "no.key").write_text("nothing")
    calls: list[tuple[list[object], str]] = [
        (["pack.zip"], "--key"),
        (["pack.zip", "--key", "missing"], "missing cannot be read"),
        (["missing", "--key", key_file(tmp_path)], "missing cannot be read"),
        (["pack.zip", "--key", "no.key"], "no.key cannot be used: it holds no Ed25519 public key"),
        (["pack.zip", "--key", "."], "cannot be read"),
    ]
    for arguments, words in calls:
        answer = alone(tmp_path, *arguments)
        assert (answer.returncode, answer.stdout) == (2, ""), answer
        assert words in answer.stderr
        assert "Traceback" not in answer.stderr


def test_it_is_written_for_old_pythons_and_imports_nothing_of_ours() -> None:
    tree = ast.parse(SOURCE.read_text(), feature_version=(3, 8))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= set(sys.stdlib_module_names)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_no_byte_can_be_changed(pack: bytes, where: float, change: int) -> None:
    flipped = bytearray(pack)
    flipped[int(where * len(pack))] ^= change
    with pytest.raises(DoesNotHold):
        check(bytes(flipped), PUBLIC)


def test_no_byte_of_the_wrapping_can_be_changed(pack: bytes) -> None:
    """Every byte that is not a file's content."""
    spans = [(pack.index(content), len(content)) for content in verifier.files_in(pack).values()]
    for place in range(len(pack)):
        if not any(start <= place < start + size for start, size in spans):
            flipped = bytearray(pack)
            flipped[place] ^= 1
            with pytest.raises(DoesNotHold):
                check(bytes(flipped), PUBLIC)


@given(cut=st.floats(0, 1, exclude_max=True), tail=st.binary(min_size=1, max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_neither_cut_nor_lengthened(pack: bytes, cut: float, tail: bytes) -> None:
    for other in (pack[: int(cut * len(pack))], pack + tail, tail + pack):
        with pytest.raises(DoesNotHold):
            check(other, PUBLIC)


@given(st.binary(max_size=300))
def test_what_is_no_pack_is_refused_in_words(noise: bytes) -> None:
    for other in (noise, b"PK\x03\x04" + noise):
        with pytest.raises(DoesNotHold):
            check(other, PUBLIC)


def swap(files: Files) -> None:
    files["report.pdf"], files["steps.jsonl"] = files["steps.jsonl"], files["report.pdf"]


def remove(name: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        del files[name]

    return change


def put(name: str, content: bytes) -> Callable[[Files], None]:
    return lambda files: files.update({name: content})


def reorder(files: Files) -> None:
    files["report.pdf"] = files.pop("report.pdf")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (remove("report.pdf"), "lacks report.pdf"),
        (remove("events.jsonl"), "lacks events.jsonl"),
        (remove("manifest.sig"), "has no manifest.sig"),
        (remove("manifest.json"), "has no manifest.json"),
        (put("extra.txt", b"x"), "holds extra.txt, which its manifest does not name"),
        (put("portal.key", THEIRS.public_text.encode()), "holds portal.key"),
        (put("report.pdf", REPORT + b"x"), "report.pdf is not the file that was signed"),
        (put("report.pdf", REPORT[::-1]), "report.pdf is not the file that was signed"),
        (put("verify.py", b"print('The pack holds')"), "verify.py is not the file that was signed"),
        (put("manifest.sig", b""), "holds no signature"),
        (put("manifest.sig", b"!" * 88), "holds no signature"),
        (put("manifest.sig", base64.b64encode(bytes(64)) + b"\n"), "is not what key"),
        (swap, "is not the file that was signed"),
        (reorder, "is not packed as the portal packs"),
    ],
)
def test_a_changed_file_is_named(pack: bytes, change: Callable[[Files], None], words: str) -> None:
    with pytest.raises(DoesNotHold, match=words):
        check(changed(pack, change), PUBLIC)


def test_another_key_is_another_key(pack: bytes) -> None:
    with pytest.raises(DoesNotHold, match=f"not what key {THEIRS.key_id} signed"):
        check(pack, base64.b64decode(THEIRS.public_text))


def test_a_manifest_that_somebody_else_signed_is_refused(pack: bytes) -> None:
    forged = signed_again(pack, THEIRS, lambda manifest: manifest.update(key_id=THEIRS.key_id))
    check(forged, base64.b64decode(THEIRS.public_text))  # in itself it is a pack
    with pytest.raises(DoesNotHold, match=f"not what key {OURS.key_id} signed"):
        check(forged, PUBLIC)


def test_a_key_in_the_pack_is_not_looked_at(pack: bytes) -> None:
    key = THEIRS.public_text.encode()

    def name_it(manifest: dict[str, Any]) -> None:
        manifest["key_id"], manifest["public_key"] = THEIRS.key_id, THEIRS.public_text
        size, digest = len(key), hashlib.sha256(key).hexdigest()
        manifest["files"].append({"name": "portal.key", "bytes": size, "sha256": digest})

    with pytest.raises(DoesNotHold, match="not what key"):
        check(signed_again(pack, THEIRS, name_it, {"portal.key": key}), PUBLIC)


def strange(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda manifest: manifest.update(values)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (strange(format="evidence-pack-2"), "not of the format"),
        (strange(key_id="0" * 16), "names another key"),
        (strange(files=None), "says something that"),
        (strange(files=["report.pdf"]), "says something that"),
        (strange(files=[{"name": ["a"]}]), "says something that"),
        (strange(head={}), "says something that"),
        (strange(head={"seq": "4", "hash": "x"}), "says something that"),
        (strange(head=None), "says something that"),
        (strange(head={"seq": 1, "hash": "0" * 64}), "does not fit the trail's head"),
        (strange(head={"seq": 4, "hash": "0" * 64}), "event 4 does not fit the trail's head, event 4"),
        (lambda manifest: manifest["files"].append(manifest["files"][0]), "names a file twice"),
        (lambda manifest: manifest["files"][2].update(lines=9), "another number of lines"),
        (lambda manifest: manifest["files"][2].pop("lines"), "says something that"),
        (lambda manifest: manifest["files"].pop(), "holds report.pdf, which its manifest does not name"),
    ],
)
def test_what_is_signed_is_checked_all_the_same(
    pack: bytes, change: Callable[[dict[str, Any]], None], words: str
) -> None:
    with pytest.raises(DoesNotHold, match=words):
        check(signed_again(pack, OURS, change), PUBLIC)


def with_events(pack: bytes, change: Callable[[list[dict[str, Any]]], None]) -> bytes:
    """Signed with the right key, as somebody could who has it: the events' own hashes are what is left."""
    events = [json.loads(line) for line in verifier.files_in(pack)["events.jsonl"].splitlines()]
    change(events)
    content = b"".join(verifier.canonical(event) + b"\n" for event in events)
    return with_file(pack, "events.jsonl", content)


def with_file(pack: bytes, name: str, content: bytes) -> bytes:
    def enter(manifest: dict[str, Any]) -> None:
        entry = next(entry for entry in manifest["files"] if entry["name"] == name)
        entry.update(bytes=len(content), sha256=hashlib.sha256(content).hexdigest(), lines=content.count(b"\n"))

    return signed_again(pack, OURS, enter, {name: content})


def rehash(event: dict[str, Any], **values: Any) -> None:
    event.update(values)
    content = {name: value for name, value in event.items() if name != "hash"}
    event["hash"] = hashlib.sha256(b"audit-event-1\n" + verifier.canonical(content)).hexdigest()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda events: events[0].update(actor_label="Nobody"), "event 1 was altered"),
        (lambda events: events[0].update(hash="0" * 64), "event 1 was altered"),
        (lambda events: events.reverse(), "event 3 stands after event 4"),
        (lambda events: events.append(events[2]), "event 4 stands after event 4"),
        (lambda events: rehash(events[1], actor_label="Nobody"), "event 4 does not follow event 3"),
        (lambda events: rehash(events[2], seq=9), "event 9 does not fit the trail's head, event 4"),
        (lambda events: rehash(events[2], actor_label="Nobody"), "event 4 does not fit the trail's head"),
        (lambda events: rehash(events[1], at="2001-01-01T00:00:00.000000Z"), "event 3 is older than"),
        (lambda events: rehash(events[0], seq="1"), "a line is no audit event"),
        (lambda events: rehash(events[0], seq=True), "a line is no audit event"),
        (lambda events: events[0].pop("hash"), "a line is no audit event"),
    ],
)
def test_events_are_held_to_their_hashes(
    pack: bytes, change: Callable[[list[dict[str, Any]]], None], words: str
) -> None:
    with pytest.raises(DoesNotHold, match=words):
        check(with_events(pack, change), PUBLIC)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{}\n[]\n", "line 2, is no JSON object"),
        (b"{}\n{", "ends in the middle of a line"),
        (b'{"a": 1}\n', "is not spelled as a pack spells JSON"),
        (b'{"a":1,"a":2}\n', "is not spelled as a pack spells JSON"),
        (b'{"a":"\\ud800"}\n', "is not spelled as a pack spells JSON"),
        (b"\xff\n", "line 1, is no JSON object"),
        (b"[" * 100_000 + b"\n", "line 1, is no JSON object"),
    ],
)
def test_lines_are_spelled_in_one_way(pack: bytes, content: bytes, words: str) -> None:
    with pytest.raises(DoesNotHold, match=words):
        check(with_file(pack, "steps.jsonl", content), PUBLIC)


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return output.getvalue()


def test_a_pack_is_an_ordinary_zip_but_not_every_zip_is_a_pack(pack: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == verifier.files_in(pack)
        assert all(entry.date_time == (1980, 1, 1, 0, 0, 0) for entry in archive.infolist())
    for again in (zipped(verifier.files_in(pack)), zipped(verifier.files_in(pack), zipfile.ZIP_DEFLATED)):
        with pytest.raises(DoesNotHold, match="is not packed as the portal packs"):
            check(again, PUBLIC)


@pytest.mark.parametrize("name", ["../up.txt", "/etc/passwd", "a/b", "..", ".hidden", "C:x", "a\\b", " ", "ü.txt"])
def test_a_name_that_leads_elsewhere_is_refused(pack: bytes, name: str) -> None:
    with pytest.raises(DoesNotHold, match="whose name no pack may hold"):
        check(zipped({name: b""}) + pack, PUBLIC)


@pytest.mark.parametrize("name", ["report.pdf", "REPORT.PDF", "Manifest.json"])
def test_a_name_that_is_there_twice_is_refused(pack: bytes, name: str) -> None:
    first = verifier.archive({name: b"another one"})
    local = first[: first.index(b"PK\x01\x02")]
    with pytest.raises(DoesNotHold, match=r"twice"):
        check(local + pack, PUBLIC)


def test_sizes_and_numbers_are_bounded(pack: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DoesNotHold, match="more than 1000 files"):
        check(verifier.archive({f"f{number}": b"" for number in range(1001)}), PUBLIC)
    monkeypatch.setattr(verifier, "LARGEST_PACK", len(pack) - 1)
    with pytest.raises(DoesNotHold, match="is larger than"):
        check(pack, PUBLIC)
