"""The set-up page, and the button that looks again."""

from typing import Any

from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from tests.tokens.desk import signed_in
from tests.tokens.setup.bench import Bench
from tokens.capabilities import observe
from tokens.inventory.setup.seen import Level, Name
from tokens.models import Capability
from workqueue.models import Job


def page(user: User) -> str:
    answer = signed_in(user).get(reverse("inventory_setup"))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_before_the_first_probe_it_says_how_the_first_row_appears(bench: Bench, ada: User) -> None:
    assert "Nothing is probed yet" in page(ada)


def test_the_sheet_the_bots_the_ends_the_modes_and_the_open_questions(bench: Bench, otto: User) -> None:
    bench.scopes("revoke-bot", without="delete:ssh-key")
    bench.audit()
    bench.revoke()
    text = page(otto)
    for words in (
        "What can be seen",
        "What can be ended",
        "Members and accounts",
        "Not possible for anybody",
        "Facts nobody confirmed",
    ):
        assert f">{words}</h2>" in text
    assert "Cannot delete deploy keys" in text
    assert "delete:ssh-key" in text
    assert "api_token" in text
    assert "Not tried: only doing it would show." in text
    assert "<h3>Observe</h3>" in text
    assert "read:keys:admin" in text
    assert '<a href="https://jira.atlassian.com/browse/BCLOUD-23192">' in text
    assert 'href="http://admin.atlassian.com' not in text
    assert "Probe again" not in text, "an auditor changes nothing"


def test_the_button_asks_both_workers(bench: Bench, ada: User) -> None:
    client = signed_in(ada)
    assert "Probe again" in page(ada)
    for _ in range(2):
        assert client.post(reverse("inventory_probe")).status_code == 302
    kinds = sorted(Job.objects.filter(kind__startswith="probe_setup").values_list("kind", flat=True))
    assert set(kinds) == {"probe_setup", "probe_setup_revoke"}
    assert set(bench.jobs()) == {"done"}
    assert Capability.objects.count() > 20


def test_nothing_secret_is_on_the_sheet(bench: Bench, ada: User, settings: Settings) -> None:
    bench.workspace_token(settings)
    bench.audit()
    bench.revoke()
    told = page(ada) + "".join(f"{row.reason}{row.facts}" for row in Capability.objects.all())
    names = ("ATLASSIAN_AUDIT_KEY", "AUDIT_BOT_TOKEN", "ATLASSIAN_REVOKE_KEY", "REVOKE_BOT_TOKEN")
    for name in (*names, "AUDIT_WORKSPACE_TOKEN"):
        assert getattr(settings, name) not in told


def test_the_page_costs_few_queries_however_much_is_known(
    bench: Bench, ada: User, django_assert_max_num_queries: Any
) -> None:
    bench.audit()
    bench.revoke()
    client = signed_in(ada)
    with django_assert_max_num_queries(8):
        client.get(reverse("inventory_setup"))


def test_the_hourly_probe_does_not_hide_that_the_audit_key_is_too_strong(
    bench: Bench, ada: User, settings: Settings
) -> None:
    settings.ATLASSIAN_AUDIT_KEY = settings.ATLASSIAN_REVOKE_KEY
    bench.audit()
    observe(Name.LIST_TOKENS, Level.AUTOMATIC, "the organisation's listing answers")
    assert page(ada).count("it could also delete") == 1
