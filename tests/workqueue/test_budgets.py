"""Hourly budgets, shared by all processes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from bitbucket.budget import Budget
from workqueue import budgets
from workqueue.budgets import spend, spent
from workqueue.models import Spending

pytestmark = pytest.mark.django_db

HOST = "api.bitbucket.org"


def pass_time(minutes: float) -> None:
    Spending.objects.update(minute=F("minute") - timedelta(minutes=minutes))


def test_a_budget_is_spent_and_then_refused() -> None:
    assert [spend(HOST, "bot", 3) for _ in range(5)] == [True, True, True, False, False]
    assert spent(HOST, "bot") == 3


def test_the_reserve_is_for_others() -> None:
    assert [spend(HOST, "bot", 5, 2) for _ in range(4)] == [True, True, True, False]
    assert [spend(HOST, "bot", 5) for _ in range(3)] == [True, True, False]


def test_each_principal_and_host_has_its_own() -> None:
    assert spend(HOST, "bot", 1)
    assert spend(HOST, "emma", 1)
    assert spend("api.atlassian.com", "bot", 1)
    assert not spend(HOST, "bot", 1)


def test_the_hour_rolls() -> None:
    assert spend(HOST, "bot", 2)
    pass_time(30)
    assert spend(HOST, "bot", 2)
    pass_time(29)
    assert not spend(HOST, "bot", 2)
    pass_time(3)
    assert spend(HOST, "bot", 2)
    assert not spend(HOST, "bot", 2)


def test_a_request_of_the_minute_before_last_hour_still_counts() -> None:
    """The row says only the minute, so the whole minute counts until it is surely out."""
    Spending.objects.create(host=HOST, principal="bot", minute=Now() - timedelta(minutes=60, seconds=30), used=1)
    assert not spend(HOST, "bot", 1)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_never_spend_more() -> None:
    def take(_: int) -> bool:
        try:
            return spend(HOST, "bot", 17)
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(take, range(60))) == 17
    assert spent(HOST, "bot") == 17


def test_the_clients_can_use_it_as_it_is() -> None:
    budget: Budget = budgets
    assert budget.spend(HOST, "bot", 1)
