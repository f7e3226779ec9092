"""Remedies are about the reader's own case: their repository, their scopes, a button that does it."""

import pytest

from tests.tokens.catalogue.diagnosis.texts import INVALID, refused, unable
from tests.tokens.catalogue.diagnosis.texts_scopes import READ, READ_PR, SCOPE_TEXTS, WRITE, WRITE_PR
from tokens.catalogue.data import SCOPE_BY_NAME
from tokens.catalogue.diagnosis import Diagnosis, diagnose

_SAID = "Your credentials lack one or more required privilege scopes."


def values(found: Diagnosis, kind: str) -> list[str]:
    """What the actions of one kind hold."""
    return [action.value for action in found.actions if action.kind == kind]


def refusal(required: list[str], granted: list[str]) -> Diagnosis:
    """Diagnose a refusal that names scopes."""
    return diagnose(f"{_SAID} required: {required} granted: {granted}")


@pytest.mark.parametrize(
    ("address", "copied"),
    [
        ("https://bitbucket.org/acme/web.git/", "https://x-bitbucket-api-token-auth@bitbucket.org/acme/web.git"),
        ("https://emma@bitbucket.org/acme/web", "https://x-bitbucket-api-token-auth@bitbucket.org/acme/web.git"),
        ("git@ssh.bitbucket.org:acme/web.api.git", "https://x-bitbucket-api-token-auth@bitbucket.org/acme/web.api.git"),
        ("http://127.0.0.1:8100/acme/web.git", "http://x-bitbucket-api-token-auth@127.0.0.1:8100/acme/web.git"),
        (
            "https://evil.example/acme/web.git",
            "https://x-bitbucket-api-token-auth@bitbucket.org/WORKSPACE/REPOSITORY.git",
        ),
        (
            "https://bitbucket.org/site/oauth2",
            "https://x-bitbucket-api-token-auth@bitbucket.org/WORKSPACE/REPOSITORY.git",
        ),
    ],
)
def test_lines_to_copy_name_the_readers_repository(address: str, copied: str) -> None:
    found = diagnose(f"remote: CHANGE-3222 - gone\nfatal: unable to access '{address}'")
    assert f"git remote set-url origin {copied}" in values(found, "copy")


def test_an_old_secret_is_forgotten_on_every_system() -> None:
    lines = values(diagnose(f"git config credential.helper\nremote: Invalid credentials\n{refused()}"), "copy")
    assert r"printf 'protocol=https\nhost=bitbucket.org\n\n' | git credential reject" in lines
    assert '"protocol=https`nhost=bitbucket.org`n`n" | git credential reject' in lines


def test_the_button_asks_for_what_is_missing_and_a_second_one_keeps_the_rest() -> None:
    found = refusal([READ_PR, WRITE_PR], [READ, READ_PR])
    assert found.missing_scopes == (WRITE_PR,)
    assert found.actions[0].kind == "request_scopes"
    assert values(found, "request_scopes") == [WRITE_PR, ",".join(sorted([READ, READ_PR, WRITE_PR]))]


def test_both_dialects_are_told() -> None:
    classic = refusal(["pullrequest:write"], ["repository"])
    assert classic.missing_scopes == ("pullrequest:write",)
    assert classic.facts[0] == "Missing: pullrequest:write."
    assert f"For an API token that is {READ_PR} and {WRITE_PR}." in classic.facts
    assert values(classic, "request_scopes") == [f"{READ_PR},{WRITE_PR}"]
    granular = refusal([READ_PR], [READ])
    assert "For an access token or OAuth it is pullrequest." in granular.facts
    keys = refusal(["write:permission:bitbucket", "read:gpg-key:bitbucket"], [])
    assert keys.gap is not None
    assert keys.gap.missing == ("read:gpg-key:bitbucket", "write:permission:bitbucket")


def test_a_wish_for_a_removed_service_is_no_button() -> None:
    found = refusal(["issue:write"], ["repository"])
    assert found.missing_scopes == ("issue:write",)
    assert values(found, "request_scopes") == []
    assert found.actions[0].kind == "get_access"


def test_nothing_is_missing_by_name() -> None:
    found = refusal(["pullrequest:write"], [READ_PR, WRITE_PR])
    assert found.missing_scopes == ()
    assert found.facts[0].startswith("By their names nothing is missing")


@pytest.mark.parametrize(
    ("command", "asked"),
    [("git push origin main", f"{READ},{WRITE}"), ("git clone https://bitbucket.org/acme/web.git", READ)],
)
def test_where_no_scope_is_named_the_command_tells(command: str, asked: str) -> None:
    found = diagnose(f"$ {command}\nremote: {_SAID}\n{unable(403)}")
    assert (found.missing_scopes, values(found, "request_scopes")) == ((), [asked])
    assert found.facts[0].startswith("The text does not name the scope.")


def test_the_closest_refusal_counts() -> None:
    log = (
        "scopes required: [webhook] granted: [repository]\n"
        + "progress\n" * 200
        + f"{_SAID} detail: required: [account] granted: [team]\n"
    )
    assert diagnose(log).missing_scopes == ("account",)


@pytest.mark.parametrize("text", SCOPE_TEXTS, ids=[str(number) for number in range(len(SCOPE_TEXTS))])
def test_only_scopes_that_can_be_had_are_asked_for(text: object) -> None:
    for value in values(diagnose(text.text), "request_scopes"):  # type: ignore[attr-defined]
        scopes = [SCOPE_BY_NAME[name] for name in value.split(",")]
        assert all(scope.dialect == "api_token" and scope.removed_on is None for scope in scopes)


def test_the_kind_of_a_hidden_secret_decides() -> None:
    """The same words, and three causes: what tells them apart is hidden, and its kind is not."""
    body = "T3xFfGF0" + "q" * 30
    causes = [
        diagnose(f"-H 'Authorization: Bearer {secret}' https://api.bitbucket.org/2.0/user\n{INVALID}").cause
        for secret in ("ATA" + body, "ATC" + body, "AT" + "BB" + body)
    ]
    assert causes == ["bearer_instead_of_basic", "token_invalid_or_expired", "app_password_removed"]


def test_removed_lists_name_what_stands_in_their_place() -> None:
    remedy = diagnose("410 CHANGE-2770 - Functionality has been deprecated").remedy
    assert "/2.0/user/workspaces" in remedy
    assert "read:workspace:bitbucket" in remedy


def test_what_else_it_could_be() -> None:
    causes = [other.cause for other in diagnose(INVALID).also_possible]
    assert causes == ["unscoped_token", "bearer_instead_of_basic", "wrong_username", "cached_old_credential"]
    assert diagnose("CHANGE-2770").also_possible == ()
