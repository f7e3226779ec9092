"""Scripted faults: what a network, a proxy or a bad day at Bitbucket does to an answer."""

import fnmatch
import re
import threading
from dataclasses import asdict, dataclass, field
from typing import Any

KINDS = {
    "latency": "waits `milliseconds`, then answers as usual",
    "status": "answers `status` with `body` (its own words if empty) and `retry_after` as the header says",
    "html": "answers 200 with a web page",
    "empty": "answers 200 with nothing",
    "malformed": "answers 200 with text that is no JSON",
    "truncated": "sends half of the answer and closes the connection",
    "wrong_types": "answers 200 with a JSON list of numbers instead of the object",
    "odd_values": "puts numbers, texts and nulls where the values of a page should be",
    "bare_values": "leaves every value of a page empty",
    "no_values": "takes `values` (or `data`) out of a page",
    "foreign_next": "points `next` to `url`",
    "repeat_next": "points `next` to the very same page",
    "empty_page": "answers an empty page whose `next` is the page that was asked for",
    "drip": "sends the answer one byte every `milliseconds`",
    "endless": "never stops sending",
    "hang": "sends nothing for `milliseconds`, then closes",
    "keep": "answers 204 and changes nothing",
    "lost_admin": "answers 404 to everything, as to an administrator that is none any more",
    "lever": "first pulls the lever at `url` with the JSON of `body` (a DELETE without), then answers as usual",
    "redirect": "answers 302 to `url`",
    "done_then_status": "does what was asked, then answers `status` (an answer lost on its way)",
}


@dataclass
class Fault:
    """One rule: which requests (method, path pattern, account), what happens, how often (`count` 0 = always)."""

    kind: str
    path: str = "*"
    method: str = "*"
    account: str = ""
    count: int = 0
    skip: int = 0
    milliseconds: int = 0
    status: int = 500
    body: str = ""
    retry_after: str | None = None
    url: str = ""
    hits: int = field(default=0)

    def matches(self, method: str, path: str, account: str) -> bool:
        """Tell whether this rule means the request; the path is a shell pattern, or a regular one after `re:`."""
        if self.method not in ("*", method) or self.account not in ("", account):
            return False
        if self.path.startswith("re:"):
            return re.search(self.path.removeprefix("re:"), path) is not None
        return fnmatch.fnmatchcase(path, self.path)


class Faults:
    """The rules in force; the first that matches is played."""

    def __init__(self) -> None:
        """Start without any."""
        self._lock = threading.Lock()
        self._rules: list[Fault] = []

    def add(self, values: dict[str, Any]) -> Fault:
        """Add a rule; raises ValueError for an unknown kind or field."""
        if values.get("kind") not in KINDS:
            raise ValueError(f"there is no fault {values.get('kind')!r}; there are: {', '.join(sorted(KINDS))}")
        unknown = set(values) - set(Fault.__dataclass_fields__)
        if unknown:
            raise ValueError(f"a fault has no {', '.join(sorted(unknown))}")
        rule = Fault(**values)
        with self._lock:
            self._rules.append(rule)
        return rule

    def clear(self) -> None:
        """Drop all rules."""
        with self._lock:
            self._rules.clear()

    def take(self, method: str, path: str, account: str) -> Fault | None:
        """Give the rule to play for this request, counting it."""
        with self._lock:
            for rule in self._rules:
                if not rule.matches(method, path, account):
                    continue
                rule.hits += 1
                played = rule.hits - rule.skip
                if played > 0 and (not rule.count or played <= rule.count):
                    return rule
        return None

    def report(self) -> list[dict[str, Any]]:
        """Give the rules with how often each matched."""
        with self._lock:
            return [asdict(rule) for rule in self._rules]
