"""The ends of the bots' own tokens, and who hears of them."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests.tokens.setup.bench import Bench
from tokens.inventory.setup import bots
from tokens.inventory.setup.alarms import DAYS_BEFORE, warn_of_ends
from tokens.inventory.setup.seen import Name
from tokens.inventory.setup.ticking import tick_setup
from tokens.models import Circuit


def test_both_processes_write_their_half_and_the_accounts_are_known(bench: Bench) -> None:
    bench.audit()
    bench.revoke()
    row = bench.row(Name.BOT_TOKENS)
    ends = {token.label: token.expires_at for token in bench.world.api_tokens.values()}
    for role in ("audit", "revoke"):
        assert abs(datetime.fromisoformat(row.facts[role]) - ends[f"portal {role}-bot"]) < timedelta(seconds=1)
    bots = {one.account_id for one in bench.world.accounts.values() if one.key.endswith("-bot")}
    assert row.facts["accounts"] == sorted(bots)
    assert row.level == "automatic"


def test_of_several_tokens_the_earliest_end_counts_and_it_says_so(bench: Bench) -> None:
    bot = bench.world.account("audit-bot")
    assert bot is not None
    early = bench.world.now() + timedelta(days=90)
    bench.world.create_api_token(bot, label="another", scopes=(), expires_at=early)
    bench.audit()
    row = bench.row(Name.BOT_TOKENS)
    assert abs(datetime.fromisoformat(row.facts["audit"]) - early) < timedelta(seconds=1)
    assert "2 tokens: the earliest end counts" in row.reason


def test_an_account_that_is_not_managed_hides_its_end(bench: Bench) -> None:
    for key in ("audit-bot", "revoke-bot"):
        bot = bench.world.account(key)
        assert bot is not None
        bot.managed = False
    bench.audit()
    bench.revoke()
    row = bench.row(Name.BOT_TOKENS)
    assert (row.level, row.facts["audit"], row.facts["revoke"]) == ("unknown", None, None)
    assert "does not manage its account" in row.reason


def test_a_token_that_cannot_tell_whose_it_is(bench: Bench) -> None:
    bench.scopes("audit-bot", without="read:user")
    bench.audit()
    assert "read:user:bitbucket" in bench.row(Name.BOT_TOKENS).reason


def test_the_admins_are_warned_once_at_each_step(bench: Bench, ada: User, emma: User) -> None:
    bench.audit()
    end = datetime.fromisoformat(bench.row(Name.BOT_TOKENS).facts["audit"])
    assert warn_of_ends(end - timedelta(days=31)) == 0
    for days in DAYS_BEFORE:
        assert [warn_of_ends(end - timedelta(days=days)) for _ in range(2)] == [1, 0]
    assert len(bench.told(ada)) == len(DAYS_BEFORE)
    assert bench.told(ada)[0] == "The audit bot's token ends in 30 days"
    assert bench.told(emma) == []


def test_a_late_first_look_warns_once_and_a_new_token_starts_over(bench: Bench, ada: User) -> None:
    bench.audit()
    end = datetime.fromisoformat(bench.row(Name.BOT_TOKENS).facts["audit"])
    assert warn_of_ends(end - timedelta(days=2)) == 1
    bench.audit()  # a probe in between forgets nothing
    assert warn_of_ends(end - timedelta(days=2)) == 0
    row = bench.row(Name.BOT_TOKENS)
    row.facts["audit"] = (end + timedelta(days=200)).isoformat()
    row.save()
    assert warn_of_ends(end + timedelta(days=170)) == 1
    assert len(bench.told(ada)) == 2


def test_a_refused_token_is_told_at_once_and_once(bench: Bench, ada: User, settings: Settings) -> None:
    bench.audit()
    good = settings.AUDIT_BOT_TOKEN
    for token in (good + "x", good + "x", good, good + "x"):
        settings.AUDIT_BOT_TOKEN = token
        bench.audit()
    assert bench.told(ada) == ["The audit bot's token is refused"] * 2
    row = bench.row(Name.BOT_TOKENS)
    assert row.level == "manual"
    assert "refuses" in bench.row(Name.READ_DEPLOY_KEYS).reason
    assert row.facts["audit"] is not None, "what its end was stays known"


def test_the_tick_asks_for_probes_at_the_start_and_daily(bench: Bench) -> None:
    now = timezone.now()
    tick_setup(now)
    tick_setup(now)
    assert bench.jobs() == ["done", "done"]
    tick_setup(now + timedelta(hours=23))
    assert bench.jobs() == []
    tick_setup(now + timedelta(hours=25))
    assert bench.jobs() == ["done", "done"]


def test_a_job_that_could_not_ask_everything_comes_again(bench: Bench) -> None:
    bench.desk.fault("status", "re:/events-stream$", status=503)
    tick_setup(timezone.now())
    assert sorted(bench.jobs()) == ["done", "waiting"]


def test_a_sync_that_was_refused_brings_the_probe_at_once_and_nobody_is_told_twice(
    bench: Bench, ada: User, settings: Settings
) -> None:
    bench.audit()
    bench.revoke()
    settings.AUDIT_BOT_TOKEN += "x"
    Circuit.objects.create(principal=settings.AUDIT_BOT_EMAIL, reason="refused", opened_at=timezone.now())
    for _ in range(2):
        tick_setup(timezone.now())
    assert bench.jobs() == ["done"]
    assert bench.level(Name.BOT_TOKENS) == "manual"
    assert bench.told(ada) == []


@pytest.mark.parametrize(
    ("listed", "header", "level"),
    [
        ([{"a"}], {"a"}, "automatic"),
        ([{"a", "b"}], {"a"}, "manual"),
        ([set()], {"a"}, "manual"),
        ([None], {"a"}, "manual"),
        ([{"b"}, {"a"}], {"a"}, "automatic"),
        ([], {"a"}, "unknown"),
        ([{"a"}], None, "unknown"),
    ],
)
def test_the_listing_is_believed_only_where_it_says_what_the_header_says(
    listed: list[set[str] | None], header: set[str] | None, level: str
) -> None:
    told = [None if one is None else frozenset(one) for one in listed]
    seen = bots.compared(told, None if header is None else frozenset(header))
    assert (seen.name, seen.level) == (Name.LISTING_SCOPES, level)
