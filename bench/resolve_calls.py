"""How long 1,000 mixed calls take to be resolved, secrets hidden, beside a router that matches paths only.

The peer is werkzeug's URL map with the same rules: the routing of a well-known framework. It is given method and path
ready-made. It does not read lines (curl, git, code, logs), hide secrets, or know variables, removed operations and
scopes, and it has to be told which parameters hold slashes.
"""

import re
import time
from collections.abc import Callable
from itertools import cycle, islice
from typing import Final, NamedTuple

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from tokens.catalogue.operations import OPERATIONS, Operation, read_calls

CALLS: Final = 1_000
ROUNDS: Final = 5
BUDGET_SECONDS: Final = 0.5
_API: Final = "https://api.bitbucket.org/2.0"
_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_HOLDS_SLASHES: Final = frozenset({"path", "name", "spec", "revision", "revspec"})
_UUID: Final = "%7B0c1f2d3e-4a5b-6c7d-8e9f-0a1b2c3d4e5f%7D"
# How people write one call; {m} is its method, {a} its whole address, {p} its path.
_SHAPES: Final = (
    "{m} {a}",
    "{m} /2.0{p}?pagelen=100&page=2",
    "curl -s -u emma@acme.test:hunter2 -X {m} '{a}' | jq .",
    "curl --request {m} --url {a} --header 'Authorization: Bearer abc' --header 'Accept: application/json; q=1'",
    '      - curl -X {m} "$BASE{p}" --data \'{{"a": "b"}}\'',
    '127.0.0.1 - - [22/Nov/2026:10:00:00 +0000] "{m} /2.0{p} HTTP/1.1" 200 2326 "-" "python-requests/2.32"',
    'response = session.request("{m}", f"{{BASE}}{p}", json=body, timeout=10)',
    "git clone https://x-token-auth:hunter2@bitbucket.org/acme/web.git && git push origin HEAD",
)


class Measure(NamedTuple):
    """Seconds for all calls (the best of some rounds), and how many of them were resolved."""

    seconds: float
    resolved: int


def _concrete(operation: Operation) -> str:
    values = {"workspace": "acme", "repo_slug": "web", "path": "src/a/b.py", "name": "feature/x", "spec": "main..dev"}
    return _PARAMETER.sub(lambda match: values.get(match[1], _UUID if "uuid" in match[1] else "17"), operation.path)


def _lines() -> list[str]:
    rows = islice(zip(cycle(OPERATIONS), cycle(_SHAPES), strict=False), CALLS)
    return [shape.format(m=row.method, p=_concrete(row), a=_API + _concrete(row)) for row, shape in rows]


def _peer() -> Callable[[str, str], object]:
    def converter(match: re.Match[str]) -> str:
        return f"<{'path:' if match[1] in _HOLDS_SLASHES else ''}{match[1]}>"

    rules = [
        Rule(_PARAMETER.sub(converter, row.path), endpoint=row.name, methods=[row.method], strict_slashes=False)
        for row in OPERATIONS
    ]
    adapter = Map(rules).bind("api.bitbucket.org")
    return lambda method, path: adapter.match(path, method=method)


def _best(work: Callable[[], int]) -> Measure:
    measures = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        resolved = work()
        measures.append(Measure(time.perf_counter() - started, resolved))
    return min(measures)


def ours() -> Measure:
    """All lines as one pasted text: lines, masking, commands, addresses, operations."""
    text = "\n".join(_lines())
    return _best(lambda: sum(call.operation is not None for call in read_calls(text)))


def theirs() -> Measure:
    """The same number of calls, as method and path, through the peer's map."""
    match = _peer()
    calls = [(row.method, _concrete(row)) for row in islice(cycle(OPERATIONS), CALLS)]

    def work() -> int:
        resolved = 0
        for method, path in calls:
            try:
                match(method, path)
                resolved += 1
            except HTTPException:
                continue
        return resolved

    return _best(work)


def main() -> None:
    """Measure both in one run, print seconds and their ratio."""
    own, peer = ours(), theirs()
    print(f"{CALLS} pasted calls read, masked and resolved: {own.seconds:.3f} s ({own.resolved} operations)")
    print(f"  budget {BUDGET_SECONDS} s: {'held' if own.seconds <= BUDGET_SECONDS else 'MISSED'}")
    print(f"{CALLS} paths through werkzeug's URL map, paths only: {peer.seconds:.3f} s ({peer.resolved} matched)")
    print(
        f"  ratio: {own.seconds / peer.seconds:.1f} times the peer's time, {own.seconds / CALLS * 1000:.3f} ms a call"
    )


if __name__ == "__main__":
    main()
