"""What every page needs: the script nonce, the menu, who is signed in."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet, Subquery, Value
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Person
from offboarding.plan_queries import open_tasks_of
from tokens.queries import requests_waiting_for

# What stands together: (heading, ((label, name of the address, permission that opens it), …)). Without a heading the
# entries stand in the bar itself, with one they open below it.
MENU: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "",
        (
            ("Home", "home", ""),
            ("Get access", "get_access", "tokens.request_credential"),
            ("Adviser", "advise", ""),
            ("Check", "check", "tokens.request_credential"),
            ("Diagnose", "diagnose", ""),
            ("Approvals", "approvals", "tokens.approve_request"),
        ),
    ),
    ("Leavers", (("Offboarding", "offboardings", "offboarding.view_plan"), ("Tasks", "tasks", ""))),
    (
        "Inventory",
        (
            ("Overview", "inventory", "tokens.view_inventory"),
            ("Credentials", "credentials", "tokens.view_inventory"),
            ("Findings", "findings", "tokens.view_inventory"),
            ("Repositories", "repositories", "tokens.view_inventory"),
            ("Machines", "machines", "tokens.view_inventory"),
            ("People", "people", "accounts.view_people"),
        ),
    ),
    (
        "Rules",
        (
            ("Templates", "templates", "tokens.view_templates"),
            ("Approvers", "approvers", "accounts.manage_approvers"),
            ("Service tokens", "service_tokens", "accounts.manage_service_tokens"),
        ),
    ),
    ("", (("Trail", "trail", "audit.view_event"),)),
)
# Entries that stand there only while something waits behind them.
ONLY_WITH_A_COUNT = frozenset({"tasks"})


def nonce(request: HttpRequest) -> dict[str, Any]:
    """django-htmx's tags look for the nonce under this lower-case name."""
    return {"csp_nonce": getattr(request, "csp_nonce", None)}


def _number_of(rows: QuerySet[Any]) -> Subquery:
    """How many rows there are, as a part of another query; nothing where there are none."""
    counted = rows.select_related(None).order_by().annotate(one=Value(1)).values("one").annotate(number=Count("pk"))
    return Subquery(counted.values("number"))


def shell(request: HttpRequest) -> dict[str, Any]:
    """The frame around a page: nobody sees a menu entry they may not use."""
    return {"shell": _Shell(request)}


class _Shell:
    """Reads lazily, so that an error page costs no query."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._user = getattr(request, "user", None)
        self.demo = settings.DEMO

    @property
    def signed_in(self) -> bool:
        return bool(self._user is not None and self._user.is_authenticated)

    @property
    def nav(self) -> list[dict[str, Any]]:
        """The menu's sections; one of which only a single entry is left needs no heading."""
        if not self.signed_in or self._user is None:
            return []
        sections = [(heading, self._entries(rows)) for heading, rows in MENU]
        return [
            {
                "id": heading.lower(),
                "heading": heading if len(entries) > 1 else "",
                "entries": entries,
                "current": any(entry["current"] for entry in entries),
                "count": sum(entry["count"] for entry in entries),
            }
            for heading, entries in sections
            if entries
        ]

    @property
    def person_name(self) -> str:
        return self._user.person.display_name if self.signed_in and self._user is not None else ""

    @property
    def role_words(self) -> str:
        from_user = getattr(self._user, "role_words", "")
        return str(from_user) if self.signed_in else ""

    @property
    def unread(self) -> int:
        return self._waiting[0]

    @cached_property
    def _waiting(self) -> tuple[int, int]:
        """How many notifications were not read, and how many tasks are open: one query a page for both."""
        if not self.signed_in or self._user is None:
            return 0, 0
        person = self._user.person
        counts = Person.objects.filter(pk=person.pk).values_list(
            _number_of(person.notifications.filter(read_at=None)), _number_of(open_tasks_of(person))
        )
        unread, tasks = counts.get()
        return unread or 0, tasks or 0

    def _entries(self, rows: tuple[tuple[str, str, str], ...]) -> list[dict[str, Any]]:
        entries = []
        for label, name, permission in rows:
            if permission and not (self._user is not None and self._user.has_perm(permission)):
                continue
            url, count = reverse(name), self._count(name)
            if count or name not in ONLY_WITH_A_COUNT:
                entries.append({"label": label, "url": url, "current": self._is_current(url), "count": count})
        return entries

    def _is_current(self, url: str) -> bool:
        path = self._request.path
        return path == url if url == "/" else path.startswith(url)

    def _count(self, name: str) -> int:
        if self._user is None:
            return 0
        if name == "approvals":
            return requests_waiting_for(self._user.person).count()
        return self._waiting[1] if name == "tasks" else 0
