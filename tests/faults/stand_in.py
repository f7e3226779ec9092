"""The sandbox as a process of its own, spoken to over HTTP only."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import requests

_SECONDS = 10.0
TOKENS_OF = "/users/{}/manage/api-tokens"
ORGANISATION = "/admin/*/api-tokens*"


@dataclass(frozen=True)
class Member:
    """One of the cast, as the sandbox tells."""

    key: str
    account_id: str
    uuid: str
    display_name: str
    nickname: str
    email: str


class StandIn:
    """The sandbox's levers and counts.

    Args:
        url: where it answers.
    """

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Pull a lever below ``/_sandbox``; gives the JSON it answers, None where there is none."""
        answer = requests.request(method, f"{self.url}/_sandbox{path}", json=body, timeout=_SECONDS)
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    @cached_property
    def world(self) -> dict[str, Any]:
        """People, workspaces, and what a portal needs, as at the first look."""
        told: dict[str, Any] = self.ask("GET", "/world")
        return told

    def member(self, key: str) -> Member:
        """One of the cast by their short name, such as ``emma``."""
        told = next(one for one in self.world["people"] if one["key"] == key)
        return Member(**{name: told[name] for name in Member.__dataclass_fields__})

    def fault(self, kind: str, path: str = "*", **more: Any) -> None:
        """Script a fault; earlier ones are looked at first. The kinds stand in ``sandbox/faults.py``."""
        self.ask("POST", "/faults", {"kind": kind, "path": path, **more})

    def hits(self, number: int = 0) -> int:
        """How many requests the fault with this number has matched, from 0 for the oldest one in force."""
        return int(self.ask("GET", "/faults")["faults"][number]["hits"])

    def no_faults(self) -> None:
        """Be well again."""
        self.ask("DELETE", "/faults")

    def truth(self) -> dict[str, Any]:
        """Every seat, grant, group, key and living token."""
        told: dict[str, Any] = self.ask("GET", "/grants")
        return told

    def living_tokens(self) -> set[str]:
        """The ids of the tokens that still open something."""
        return {one["id"] for one in self.truth()["tokens"]}

    def requests(self, route: str = "", *, method: str = "", status: int = 0) -> int:
        """How many requests were answered.

        Args:
            route: words that the route holds, such as ``api-tokens``.
            method: GET, DELETE …; empty for all.
            status: only those answered so; 0 for all.
        """
        rows = self.ask("GET", "/requests")["routes"]
        ours = [one for one in rows if route in one["route"] and method in ("", one["method"])]
        return sum(one["statuses"].get(str(status), 0) if status else one["count"] for one in ours)

    def forget_requests(self) -> None:
        """Count from zero."""
        self.ask("DELETE", "/requests")

    def make_token(self, account: str, label: str, *scopes: str, **more: Any) -> dict[str, Any]:
        """A new API token; gives its id, label, scopes and times."""
        body = {"account": account, "label": label, "scopes": list(scopes or ("read:repository",)), **more}
        made: dict[str, Any] = self.ask("POST", "/tokens", body)
        return made
