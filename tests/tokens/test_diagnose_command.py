"""The contract of ``manage.py diagnose``, run as scripts run it: a process without a database and without settings."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.tokens.catalogue.diagnosis.texts_scopes import READ, SCOPE_TEXTS
from tokens.catalogue.diagnosis import diagnose, diagnosis_as_json

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"cause", "title", "remedy", "missing_scopes"}


def run(given: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command with an empty environment."""
    return subprocess.run(
        [sys.executable, "manage.py", "diagnose", *arguments],
        input=given,
        env={"PATH": os.environ.get("PATH", "")},
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )


def answers(done: subprocess.CompletedProcess[bytes]) -> list[Any]:
    """Each line of the output, read as JSON."""
    return [json.loads(line) for line in done.stdout.decode("ascii").splitlines()]


def test_one_text() -> None:
    done = run(b"Cloning into 'web'...\nremote: App passwords are deprecated and must be replaced with API tokens.\n")
    assert (done.returncode, done.stderr) == (0, b"")
    answer = json.loads(done.stdout)
    assert set(answer) == KEYS
    assert (answer["cause"], answer["missing_scopes"]) == ("app_password_removed", [])


def test_missing_scopes() -> None:
    text = SCOPE_TEXTS[1].text
    answer = json.loads(run(text.encode()).stdout)
    assert answer == diagnosis_as_json(diagnose(text))
    assert answer["missing_scopes"] == ["read:pullrequest:bitbucket"] != [READ]


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        (b"", "other"),
        (b"\xff\xfe\x00 fatal: Authentication failed\n", "token_invalid_or_expired"),
        (
            "\ufefffatal: Zugriff verweigert \u2013 Could not resolve host: bitbucket.org".encode(),
            "not_credential_related",
        ),
        (b"fatal: Authentication failed\r\n" * 3, "token_invalid_or_expired"),
    ],
)
def test_any_bytes_get_an_answer(given: bytes, cause: str) -> None:
    done = run(given)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["cause"] == cause


def test_a_batch_answers_line_by_line() -> None:
    texts = ["remote: CHANGE-3222", "git@bitbucket.org: Permission denied (publickey).\nfatal: no", ""]
    done = run("".join(json.dumps(text) + "\n" for text in texts).encode(), "--batch")
    assert (done.returncode, done.stderr) == (0, b"")
    assert answers(done) == [diagnosis_as_json(diagnose(text)) for text in texts]
    assert [answer["cause"] for answer in answers(done)] == ["app_password_removed", "ssh_key", "other"]


def test_a_batch_goes_on_after_a_malformed_line() -> None:
    token = "ATA" + "T3xFfGF0" + "SecretPart" * 3
    lines = [b'"CHANGE-3222"', b"not json " + token.encode(), b'{"a": 1}', b"", b"[" * 50_000, b'"\\ud800 CHANGE-2770"']
    done = run(b"\n".join(lines), "--batch")
    found = answers(done)
    assert done.returncode != 0
    assert [set(answer) == KEYS for answer in found] == [True, False, False, False, False, True]
    assert all(set(answer) == {"error"} for answer in found[1:5])
    assert b"4 of 6 lines" in done.stderr
    assert b"SecretPart" not in done.stdout + done.stderr


def test_an_empty_batch() -> None:
    done = run(b"", "--batch")
    assert (done.returncode, done.stdout) == (0, b"")


def test_no_secret_leaves_the_command() -> None:
    token = "ATA" + "T3xFfGF0" + "SecretPart" * 3
    done = run(
        f"git clone https://emma:{token}@bitbucket.org/acme/web.git\nfatal: Authentication failed: {token}".encode()
    )
    assert json.loads(done.stdout)["cause"] in {"token_invalid_or_expired", "wrong_username"}
    assert b"SecretPart" not in done.stdout + done.stderr
