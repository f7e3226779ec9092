"""Reading the inventory, and one leaver live, beside a straightforward script: requests, hours at the limit, seconds.

Each size gets real servers, real workers and a sandbox of its own that answers after 50 ms and has no hourly limit.
Peer and portal read the same world in the same run, and have to find the same.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any, Final, NamedTuple

from bench.inventory_peer import Peer
from bench.stage import CHECKOUT, Sandbox, Size, manage, portal_values, running, wait_until
from devstack.environment import environment_of
from devstack.ports import free_port
from devstack.readiness import Roll

REQUESTS_PER_HOUR: Final = 1000
WORKERS: Final = 2
CHILDREN: Final = 6
_MARK: Final = "--one"


SIZES: Final = (Size(100, 5, 40), Size(1000, 20, 120), Size(5000, 60, 300))


class Measure(NamedTuple):
    """Requests to Bitbucket's API, seconds, and what was found."""

    requests: int
    seconds: float
    found: dict[str, Any]


def _worker(number: int) -> list[str]:
    options = ["-c", str(CHILDREN), "-Q", "default", "-n", f"bench{number}@%h", "--without-gossip", "--without-mingle"]
    return [sys.executable, "-m", "celery", "-A", "portal.celery", "worker", *options]


def portal(sandbox: Sandbox, values: dict[str, str]) -> Measure:
    """One full run by workers, from an empty database."""
    environment = environment_of("worker", values)
    with ExitStack() as stack:
        for number in range(WORKERS):
            stack.enter_context(running(_worker(number), environment))
        roll = Roll(values["REDIS_URL"])
        wait_until(lambda: all(roll.is_present(f"bench{number}") for number in range(WORKERS)), "a worker")
        roll.close()
        sandbox.forget_counts()
        began = time.perf_counter()
        done = manage(values, "sync_inventory", "--json")
        seconds = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"the run did not end well ({done.returncode}): {done.stderr[-2000:]}{done.stdout[-2000:]}")
    answer = json.loads(done.stdout)
    measure = Measure(sandbox.counted(), seconds, answer)
    if os.environ.get("BENCH_ROUTES"):
        print(json.dumps(sandbox.by_route(), indent=1), answer["requests"], file=sys.stderr)
    return measure


def leaver(sandbox: Sandbox, values: dict[str, str], *, with_grants: bool) -> Measure:
    """The leaver, read live, with what the inventory knows of places."""
    words = ["-m", "bench.inventory_leaver", sandbox.leaver()["account_id"], *(["--grants"] if with_grants else [])]
    sandbox.forget_counts()
    environment = environment_of("worker", values)
    command = [sys.executable, *words]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    answer = json.loads(done.stdout)
    return Measure(
        sandbox.counted(), answer["seconds"], {name: answer[name] for name in ("reached", "grants", "places")}
    )


def _timed(sandbox: Sandbox, work: Any) -> Measure:
    sandbox.forget_counts()
    began = time.perf_counter()
    found = work()
    return Measure(sandbox.counted(), time.perf_counter() - began, found)


def _pages(rows: int) -> int:
    return max(1, -(-rows // 100))


def full_budget(size: Size, members: int) -> int:
    """P4: three reads of each place and the pages of the lists."""
    places = size.repositories + size.projects
    return 3 * places + _pages(size.repositories) + _pages(size.projects) + _pages(members)


def _shown(name: str, measure: Measure) -> str:
    hours = measure.requests / REQUESTS_PER_HOUR
    return f"  {name:<34}{measure.requests:>7} requests {hours:>7.2f} h at 1,000/h {measure.seconds:>8.1f} s at 50 ms"


def _held(measure: Measure, budget: int) -> str:
    return f"    budget {budget} requests: {'held' if measure.requests <= budget else 'MISSED'}"


def one(size: Size) -> int:
    """Measure one size and print it.

    Returns:
        0 where every budget held and both found the same.
    """
    sandbox = Sandbox(size, free_port())
    values = portal_values(sandbox)
    with running(sandbox.command):
        wait_until(sandbox.answers, "the sandbox")
        prepared = manage(values, "migrate")
        if prepared.returncode:
            raise RuntimeError(prepared.stderr[-2000:])
        manage(values, "check_setup", process="worker")  # the probes are other work, and due on the first day
        full = portal(sandbox, values)
        live = leaver(sandbox, values, with_grants=True)
        fresh = leaver(sandbox, values, with_grants=False)
        workspace = values["BITBUCKET_WORKSPACES"].split(",")[0]
        peer = Peer(sandbox.url, values["AUDIT_BOT_EMAIL"], values["AUDIT_BOT_TOKEN"], workspace)
        theirs = _timed(sandbox, lambda: peer.everything()._asdict())
        their_leaver = _timed(sandbox, lambda: {"grants": peer.person(sandbox.leaver()["uuid"])})
    return _report(size, full, theirs, live, fresh, their_leaver)


def _report(size: Size, full: Measure, theirs: Measure, live: Measure, fresh: Measure, their_leaver: Measure) -> int:
    counts = {name: full.found["counts"][name] for name in theirs.found}
    pages = max(1, _pages(size.reached))
    places = live.found["places"]
    # The third request of the three is the person's token list, which is the organisation's limit, not Bitbucket's.
    budgets = [(full, full_budget(size, theirs.found["members"])), (live, 3 + pages + places), (fresh, 3 + pages)]
    same = counts == theirs.found and live.found["grants"] == their_leaver.found["grants"]
    print(f"{size.repositories} repositories, {size.projects} projects, {theirs.found['members']} members,", end=" ")
    print(f"a leaver who reaches {live.found['reached']}:")
    for name, measure, peer in (
        ("everything, the portal", full, theirs),
        ("the leaver live, the portal", live, their_leaver),
        ("the leaver, fresh inventory", fresh, their_leaver),
    ):
        print(_shown(name, measure))
        print(_held(measure, next(budget for row, budget in budgets if row is measure)))
        print(_shown("the same by the script", peer))
        of_requests, of_time = measure.requests / peer.requests, measure.seconds / peer.seconds
        print(f"    ratio: {of_requests:.3f} of its requests, {of_time:.3f} of its time")
    differs = f"NO: {counts}, {live.found} beside {theirs.found}, {their_leaver.found}"
    print(f"  found the same: {'yes' if same else differs}", flush=True)
    return 0 if same and all(measure.requests <= budget for measure, budget in budgets) else 1


def main(words: Sequence[str]) -> int:
    """Measure the sizes that were asked for (`100`, `1000`, `5000`), or all of them.

    Returns:
        0 where every budget held.
    """
    if words[:1] == [_MARK]:
        return one(Size(*map(int, words[1:])))
    asked = {int(word) for word in words} or {size.repositories for size in SIZES}
    codes = []
    for size in SIZES:
        if size.repositories in asked:
            command = [sys.executable, "-m", "bench.inventory", _MARK, *map(str, size)]
            beside = [sys.executable, "-m", "devstack", "services", "--", *command]
            codes.append(subprocess.run(beside, cwd=CHECKOUT, check=False).returncode)
    return max(codes, default=1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
