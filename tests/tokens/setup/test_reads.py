"""What the audit key, the audit bot and the workspace access token see, against the real sandbox."""

import pytest
from pytest_django import Settings

from accounts.models import Workspace
from bitbucket.errors import ServerDown
from tests.tokens.setup.bench import Bench
from tokens.inventory.setup.running import probe_with_audit_keys
from tokens.inventory.setup.seen import Name
from tokens.inventory.setup.sheet import GROUPS
from tokens.models import Capability

READS = (
    Name.READ_MEMBERS,
    Name.READ_PROJECTS,
    Name.READ_REPOSITORIES,
    Name.READ_USER_GRANTS,
    Name.READ_GROUP_GRANTS,
    Name.READ_DEPLOY_KEYS,
)


def test_everything_the_audit_keys_can_tell_is_on_the_sheet(bench: Bench) -> None:
    bench.audit()
    levels = {Name(row.name): row.level for row in Capability.objects.all()}
    for name in (*READS, Name.LIST_TOKENS, Name.LISTING_SCOPES, Name.FILTER_BY_PERSON, Name.READ_EVENTS):
        assert levels[name] == "automatic", (name, bench.row(name).reason)
    assert {levels[name] for name in GROUPS[-1][2]} == {"impossible"}
    assert levels[Name.IP_ALLOWLIST] == "automatic"
    assert levels[Name.PLAN] == "unknown"
    assert all(row.reason for row in Capability.objects.all())
    assert Workspace.objects.get().slug == "acme"


def test_a_handful_of_requests_and_none_that_changes_anything(bench: Bench) -> None:
    bench.audit()
    bench.revoke()
    assert bench.desk.sent() <= 45
    assert bench.desk.sent(method="GET") == bench.desk.sent()


@pytest.mark.parametrize(
    ("scope", "name"),
    [
        ("admin:repository", Name.READ_DEPLOY_KEYS),
        ("admin:project", Name.READ_DEPLOY_KEYS),
        ("read:repository", Name.READ_USER_GRANTS),
        ("read:project", Name.READ_GROUP_GRANTS),
        ("read:workspace", Name.READ_MEMBERS),
    ],
)
def test_a_scope_the_bot_lacks_is_named_with_what_it_is_for(bench: Bench, scope: str, name: Name) -> None:
    bench.scopes("audit-bot", without=scope)
    bench.audit()
    row = bench.row(name)
    assert row.level == "manual"
    assert f"{scope}:bitbucket" in row.reason
    assert row.facts["lacks"] == [f"{scope}:bitbucket"]
    lacks = bench.row(Name.BOT_TOKENS).facts["may"]["audit"]["lacks"]
    assert any(f"{scope}:bitbucket" in scopes for scopes in lacks.values())


def test_a_bot_that_is_no_administrator_is_told_what_to_become(bench: Bench) -> None:
    bot = bench.world.account("audit-bot")
    assert bot is not None
    bench.world.workspaces["acme"].seats[bot.account_id] = "member"
    bench.audit()
    assert bench.level(Name.READ_MEMBERS) == "automatic"
    assert bench.level(Name.FILTER_BY_PERSON) == "manual"
    assert "administrator" in bench.row(Name.FILTER_BY_PERSON).reason


@pytest.mark.parametrize(("mode", "level"), [("works", "automatic"), ("ignored", "manual"), ("refused", "manual")])
def test_the_filter_by_person(bench: Bench, mode: str, level: str) -> None:
    bench.world.switches.user_filter = mode
    bench.audit()
    row = bench.row(Name.FILTER_BY_PERSON)
    assert (row.level, row.facts["filter"]) == (level, mode)


def test_a_filter_that_is_ignored_is_seen_although_the_page_begins_with_the_person_asked_for(bench: Bench) -> None:
    bench.world.switches.user_filter = "ignored"
    acme, bot = bench.world.workspaces["acme"], bench.world.account("audit-bot")
    assert bot is not None
    acme.seats = {bot.account_id: "owner"}
    bench.audit()
    assert bench.row(Name.FILTER_BY_PERSON).facts == {"filter": "ignored"}


def test_a_listing_that_tells_scopes_and_one_that_does_not(bench: Bench) -> None:
    bench.audit()
    assert bench.row(Name.LISTING_SCOPES).facts == {"listing": "as the header"}
    bench.world.switches.listing_carries_scopes = False
    bench.audit()
    row = bench.row(Name.LISTING_SCOPES)
    assert (row.level, row.facts) == ("manual", {"listing": "not told"})


def test_a_header_that_is_missing_is_nothing_to_compare_with(bench: Bench) -> None:
    bench.world.switches.scope_headers = False
    bench.audit()
    assert bench.level(Name.LISTING_SCOPES) == "unknown"
    assert bench.row(Name.BOT_TOKENS).facts["may"]["audit"]["has"] is None


def test_a_scoped_audit_key_is_right_and_one_without_scopes_is_too_strong(bench: Bench, settings: Settings) -> None:
    bench.audit()
    assert bench.row(Name.LIST_TOKENS).facts == {"key": "scoped"}
    settings.ATLASSIAN_AUDIT_KEY = settings.ATLASSIAN_REVOKE_KEY
    bench.audit()
    row = bench.row(Name.LIST_TOKENS)
    assert row.facts == {"key": "unscoped"}
    assert "could also delete" in row.reason


def test_where_members_are_administered(bench: Bench, settings: Settings) -> None:
    bench.audit()
    assert bench.row(Name.MANAGE_MEMBERS).facts == {"in": "admin.atlassian.com"}
    assert bench.level(Name.MANAGE_MEMBERS) == "automatic"
    settings.ATLASSIAN_DIRECTORY_ID = ""
    bench.audit()
    assert bench.level(Name.MANAGE_MEMBERS) == "manual"
    assert "ATLASSIAN_DIRECTORY_ID" in bench.row(Name.MANAGE_MEMBERS).reason
    bench.world.switches.seats_carry_dates = True
    bench.audit()
    row = bench.row(Name.MANAGE_MEMBERS)
    assert row.level == "manual"
    assert row.reason.endswith("/acme/workspace/settings/user-directory")


def test_an_ip_allowlist_is_recognised_by_its_words(bench: Bench) -> None:
    words = "To access this workspace, an admin of acme must allowlist your IP."
    bench.desk.fault("status", "re:^/2.0/workspaces/[^/]+$", status=403, body=words)
    bench.audit()
    row = bench.row(Name.IP_ALLOWLIST)
    assert row.level == "manual"
    assert "allowlist your IP" in row.reason


def test_the_workspace_access_token(bench: Bench, settings: Settings) -> None:
    bench.audit()
    assert bench.level(Name.WORKSPACE_TOKEN_READS) == "manual"
    bench.workspace_token(settings)
    bench.world.switches.access_token_limit = 4000
    bench.audit()
    row = bench.row(Name.WORKSPACE_TOKEN_READS)
    every = ["members", "projects", "repositories", "deploy_keys"]
    assert (row.level, row.facts) == ("automatic", {"reads": every, "kinds": every, "limit": 4000})
    assert bench.row(Name.PLAN).facts == {"plan": "Premium"}


def test_a_workspace_access_token_reads_what_its_scopes_allow(bench: Bench, settings: Settings) -> None:
    made = bench.workspace_token(settings, ("repository",))
    bench.audit()
    assert bench.row(Name.WORKSPACE_TOKEN_READS).facts["reads"] == ["repositories"]
    del bench.world.access_tokens[made.id]
    bench.audit()
    assert bench.row(Name.WORKSPACE_TOKEN_READS).facts["reads"] == []
    assert "refuses" in bench.row(Name.WORKSPACE_TOKEN_READS).reason


def test_trouble_keeps_what_was_known_and_the_other_probes_go_on(bench: Bench) -> None:
    bench.audit()
    before = bench.row(Name.READ_MEMBERS).observed_at
    bench.desk.fault("status", "re:/members$", status=503)
    probed = probe_with_audit_keys()
    assert [type(trouble) for trouble in probed.troubles] == [ServerDown]
    assert bench.row(Name.READ_MEMBERS).observed_at == before
    assert bench.row(Name.READ_DEPLOY_KEYS).observed_at > before


def test_what_was_about_another_setup_leaves_the_sheet(bench: Bench, settings: Settings) -> None:
    bench.audit()
    settings.AUDIT_BOT_TOKEN = ""
    bench.audit()
    row = bench.row(Name.READ_DEPLOY_KEYS)
    assert (row.level, row.workspace) == ("manual", None)
    assert "AUDIT_BOT_TOKEN" in row.reason
