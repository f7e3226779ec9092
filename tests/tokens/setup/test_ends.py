"""What the revoke key and the revoke bot may do; nothing is done."""

import pytest
from pytest_django import Settings

from tests.tokens.setup.bench import Bench
from tokens.inventory.setup.seen import Name


def test_what_the_revoke_keys_can_tell(bench: Bench) -> None:
    bench.revoke()
    assert bench.level(Name.DELETE_TOKENS) == "automatic"
    assert bench.row(Name.CLAIM_DOMAIN).facts["asked"] <= 10
    assert bench.level(Name.CLAIM_DOMAIN) == "automatic"
    assert bench.level(Name.SWITCH_ACCOUNTS_OFF) == "automatic"
    assert (bench.level(Name.SUSPEND_ACCOUNTS), bench.level(Name.REMOVE_GRANTS)) == ("unknown", "automatic")
    for name in (Name.DELETE_TOKENS, Name.SWITCH_ACCOUNTS_OFF, Name.SUSPEND_ACCOUNTS, Name.REMOVE_GRANTS):
        assert "ot tried" in bench.row(name).reason


def test_deleting_deploy_keys_takes_a_scope_of_its_own(bench: Bench) -> None:
    bench.scopes("revoke-bot", without="delete:ssh-key")
    bench.revoke()
    row = bench.row(Name.DELETE_DEPLOY_KEYS)
    assert (row.level, row.facts) == ("manual", {"lacks": ["delete:ssh-key:bitbucket"]})
    bench.scopes("revoke-bot", plus="delete:ssh-key")
    bench.revoke()
    assert bench.level(Name.DELETE_DEPLOY_KEYS) == "automatic"


def test_a_revoke_bot_without_the_role_cannot_remove_grants(bench: Bench) -> None:
    bot = bench.world.account("revoke-bot")
    assert bot is not None
    bench.world.workspaces["acme"].seats[bot.account_id] = "member"
    bench.revoke()
    assert bench.level(Name.REMOVE_GRANTS) == "manual"
    assert "no administrator" in bench.row(Name.REMOVE_GRANTS).reason


def test_a_revoke_key_with_scopes_is_the_wrong_kind(bench: Bench, settings: Settings) -> None:
    settings.ATLASSIAN_REVOKE_KEY = settings.ATLASSIAN_AUDIT_KEY
    bench.revoke()
    for name in (Name.DELETE_TOKENS, Name.CLAIM_DOMAIN, Name.SWITCH_ACCOUNTS_OFF):
        assert bench.level(name) == "manual"
        assert "without scopes" in bench.row(name).reason


@pytest.mark.parametrize(("managed", "level"), [(0, "manual"), (4, "manual")])
def test_the_share_of_managed_accounts(bench: Bench, managed: int, level: str) -> None:
    people = list(bench.world.accounts.values())
    for person in people[managed:]:
        person.managed = False
    bench.revoke()
    row = bench.row(Name.CLAIM_DOMAIN)
    assert row.level == level
    assert "Claim the domain" in row.reason
    assert (row.facts["managed"] == 0) is (managed == 0)
    assert bench.level(Name.DELETE_TOKENS) == ("automatic" if managed else "manual")


def test_accounts_of_an_identity_provider_are_switched_off_there(bench: Bench) -> None:
    for person in bench.world.accounts.values():
        person.directory = "scim"
    bench.revoke()
    row = bench.row(Name.SWITCH_ACCOUNTS_OFF)
    assert row.level == "manual"
    assert row.facts["allowed"] == 0
    assert "identity provider" in row.reason


def test_without_keys_it_says_which_are_missing_and_where_they_belong(bench: Bench, settings: Settings) -> None:
    settings.ATLASSIAN_REVOKE_KEY = settings.REVOKE_BOT_TOKEN = ""
    bench.revoke()
    assert "worker-revoke" in bench.row(Name.DELETE_TOKENS).reason
    assert "REVOKE_BOT_TOKEN" in bench.row(Name.REMOVE_GRANTS).reason
    assert bench.level(Name.SUSPEND_ACCOUNTS) == "manual"
    assert bench.desk.sent() == 0
