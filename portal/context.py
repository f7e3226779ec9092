"""What every page needs: the script nonce, the menu, who is signed in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

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
    (
        "Inventory",
        (
            ("Overview", "inventory", "tokens.view_inventory"),
            ("Credentials", "credentials", "tokens.view_inventory"),
            ("Findings", "findings", "tokens.view_inventory"),
            ("Repositories", "repositories", "tokens.view_inventory"),
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


def nonce(request: HttpRequest) -> dict[str, Any]:
    """django-htmx's tags look for the nonce under this lower-case name."""
    return {"csp_nonce": getattr(request, "csp_nonce", None)}


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
        return self._user.person.notifications.filter(read_at=None).count() if self.signed_in and self._user else 0

    def _entries(self, rows: tuple[tuple[str, str, str], ...]) -> list[dict[str, Any]]:
        return [
            {"label": label, "url": url, "current": self._is_current(url), "count": self._count(name)}
            for label, name, permission in rows
            if not permission or (self._user is not None and self._user.has_perm(permission))
            for url in [reverse(name)]
        ]

    def _is_current(self, url: str) -> bool:
        path = self._request.path
        return path == url if url == "/" else path.startswith(url)

    def _count(self, name: str) -> int:
        if name != "approvals" or self._user is None:
            return 0
        return requests_waiting_for(self._user.person).count()
