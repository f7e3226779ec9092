"""manage.py check_setup: what it prints, and how it ends."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from tests.tokens.setup.bench import Bench

KEYS = (
    "ATLASSIAN_ORG_ID",
    "ATLASSIAN_AUDIT_KEY",
    "AUDIT_BOT_EMAIL",
    "AUDIT_BOT_TOKEN",
    "ATLASSIAN_REVOKE_KEY",
    "REVOKE_BOT_EMAIL",
    "REVOKE_BOT_TOKEN",
    "AUDIT_SIGNING_KEY",
)


def printed(*arguments: str, refused: str = "") -> str:
    """What the command prints; the sentence it ends with where it fails."""
    out = StringIO()
    if refused:
        with pytest.raises(CommandError, match=refused):
            call_command("check_setup", *arguments, stdout=out)
    else:
        call_command("check_setup", *arguments, stdout=out)
    return out.getvalue()


def test_a_whole_setup_passes_and_prints_every_capability(bench: Bench) -> None:
    bench.scopes("revoke-bot", without="delete:ssh-key")
    text = printed()
    assert "Automatic       Read the organisation's API tokens" in text
    assert "Read deploy keys · Acme" in text
    assert "Impossible here Read people's SSH keys" in text
    assert "delete:ssh-key:bitbucket" in text
    assert "Not set" not in text


def test_json_for_scripts(bench: Bench, settings: Settings) -> None:
    found: dict[str, Any] = json.loads(printed("--json"))
    assert (found["observe"], found["missing"], found["not_set"]) == (True, "", [])
    names = [one["name"] for one in found["capabilities"]]
    assert {"list_tokens", "read_deploy_keys", "delete_tokens", "bot_tokens"} <= set(names)
    assert len(names) == len(set(names)), "with one workspace each is printed once"
    one = next(row for row in found["capabilities"] if row["name"] == "read_deploy_keys")
    assert (one["level"], one["workspace"], one["key"]) == (
        "automatic",
        settings.BITBUCKET_WORKSPACES[0],
        "audit bot",
    )


def test_the_scoped_audit_key_alone_is_enough_to_observe(bench: Bench, settings: Settings) -> None:
    for name in KEYS[2:]:
        setattr(settings, name, "")
    text = printed()
    assert "Not set in this process: AUDIT_BOT_TOKEN" in text
    assert "only API tokens are seen, no grants and no deploy keys" in " ".join(text.split())


def test_without_any_key_it_asks_nobody_and_says_what_is_not_set(bench: Bench, settings: Settings) -> None:
    for name in KEYS:
        setattr(settings, name, "")
    text = printed(refused="ATLASSIAN_ORG_ID .* ATLASSIAN_AUDIT_KEY")
    assert all(f"Not set in this process: {name}" in text for name in KEYS)
    assert bench.desk.sent() == 0


def test_a_refused_audit_key_fails_with_what_to_do(bench: Bench, settings: Settings) -> None:
    settings.ATLASSIAN_AUDIT_KEY += "x"
    printed(refused="Make a new one and set ATLASSIAN_AUDIT_KEY")


def test_events_that_cannot_be_asked_now_are_no_reason_to_fail(bench: Bench) -> None:
    bench.desk.fault("status", "re:/events-stream$", status=503)
    assert "Could not be asked now: admin.events" in printed()


def test_an_organisation_that_is_away_fails_and_says_to_try_again(bench: Bench) -> None:
    bench.desk.fault("status", "*/api-tokens", status=503)
    text = printed(refused="could not be asked now")
    assert "Could not be asked now: admin.newest_organisation_tokens" in text
