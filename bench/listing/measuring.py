"""Opening both pages through the whole of Django, in turn, and counting."""

import os
import statistics
import time
from collections.abc import Iterator
from typing import Final, NamedTuple

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Person, User
from tokens.inventory.filters import Filter, credentials_matching
from tokens.inventory.listing import PAGE_SIZE, Place

ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS", "30"))
BUDGET_MS: Final = 100
BUDGET_QUERIES: Final = 8
_PEER: Final = "/peer/tokens/credential/"
_COUNTED: Final = "state__in=active,disabled,needs_human,refused,revoking,rotating&standing__in=approved,undeclared"
_SEARCHES: Final = ("jenkins", "rossi", "nothing-of-the-kind")
# The first ones fill caches and do not count.
_WARM_UP: Final = 3
_ADMIN: Final = "712020:scale-000000"


class Case(NamedTuple):
    """One question put to both: the portal's address and admin's."""

    words: str
    ours: str
    theirs: str


class Measure(NamedTuple):
    """What one address takes: milliseconds at the 95th percentile and in the middle, and queries."""

    p95: float
    median: float
    queries: int


def measure() -> None:
    """Put every question to both in turn, print."""
    measuring = Measuring(ROUNDS)
    print(f"{ROUNDS} rounds each, the portal and Django admin's list of the same table in turn; milliseconds")
    print(
        f"{'':30}{'portal p95':>11}{'median':>8}{'queries':>9}{'admin p95':>11}{'median':>8}{'queries':>9}{'ratio':>8}"
    )
    seen = []
    for case in measuring.cases():
        own, peer = measuring.both(case)
        seen.append(own)
        line = "".join(f"{each.p95:11.0f}{each.median:8.0f}{each.queries:9}" for each in (own, peer))
        print(f"{case.words:30}{line}{peer.p95 / own.p95:7.1f}x", flush=True)
    slowest, most = max(each.p95 for each in seen), max(each.queries for each in seen)
    held = slowest <= BUDGET_MS and most <= BUDGET_QUERIES
    print(f"  budget {BUDGET_MS} ms and {BUDGET_QUERIES} queries: {'held' if held else 'MISSED'}", end="")
    print(f" (slowest {slowest:.0f} ms, {most} queries at most)")


class Measuring:
    """A browser of an admin's.

    Args:
        rounds: how often each address is opened.
    """

    def __init__(self, rounds: int) -> None:
        self._rounds = rounds
        person = Person.objects.get(account_id=_ADMIN)
        Person.objects.filter(pk=person.pk).update(account_status="active")
        user = User.objects.create(username=person.account_id, person=person)
        self._browser = Client()
        self._browser.force_login(user, backend="accounts.roles.RoleBackend")

    def cases(self) -> Iterator[Case]:
        """The questions: pages from the first to a deep one, searches, filters."""
        ours, peer = reverse("credentials"), f"{_PEER}?{_COUNTED}"
        yield Case("page 1", ours, peer)
        for page in (20, 1_000):
            yield Case(f"page {page:,}", f"{ours}?after={_place_before(page)}", f"{peer}&p={page}")
        for text in _SEARCHES:
            yield Case(f"search “{text}”", f"{ours}?q={text}", f"{peer}&q={text}")
        yield Case("one filter: kind", f"{ours}?kind=runner", f"{peer}&kind__exact=runner")
        yield Case(
            "three filters",
            f"{ours}?kind=api_token&verification=missing&proof=declared",
            f"{peer}&kind__exact=api_token&verification_outcome__exact=missing&holder_proof__exact=declared",
        )
        yield Case(
            "search and two filters",
            f"{ours}?q=jenkins&kind=api_token&verification=exact",
            f"{peer}&q=jenkins&kind__exact=api_token&verification_outcome__exact=exact",
        )

    def both(self, case: Case) -> tuple[Measure, Measure]:
        """Open both, one after the other and over again, so that what else the machine does meets both."""
        addresses = (case.ours, case.theirs)
        queries = [self._queries(address) for address in addresses]
        seconds: tuple[list[float], list[float]] = ([], [])
        for _ in range(_WARM_UP + self._rounds):
            for address, times in zip(addresses, seconds, strict=True):
                began = time.perf_counter()
                self._open(address)
                times.append(time.perf_counter() - began)
        own, peer = (_measure(times[_WARM_UP:], each) for times, each in zip(seconds, queries, strict=True))
        return own, peer

    def _queries(self, address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            self._open(address)
        return len(captured)

    def _open(self, address: str) -> None:
        answer = self._browser.get(address)
        # Admin answers what it does not understand with a redirect, and then nothing was measured.
        if answer.status_code != 200:  # noqa: PLR2004, RUF100
            raise RuntimeError(f"{address} answered {answer.status_code}: {answer.get('Location', '')}")


def _measure(seconds: list[float], queries: int) -> Measure:
    times = [each * 1000 for each in sorted(seconds)]
    return Measure(times[max(0, int(len(times) * 0.95) - 1)], statistics.median(times), queries)


def _place_before(page: int) -> Place:
    """Where a page begins, found the slow way."""
    rows = credentials_matching(Filter()).order_by("-registered_at", "-pk")
    total = rows.count()
    at = min((page - 1) * PAGE_SIZE - 1, total - 2)
    key, pk = rows.values_list("registered_at", "pk")[at]
    return Place(key, pk)
