"""Offboarding beside a straightforward script: how fast the cut is, how many requests act and prove take.

P2: the last API token gone within 3 s and the account off within 5 s of the start, at 50 ms latency, whatever the
workspace's size. P3: requests at most 1.1 x (removals + 2 x pages read again + controls). The script deletes the same
tokens and grants, and looks at every place of the workspace before and after, as somebody would write it.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any, Final

from bench.inventory_peer import Peer
from bench.stage import CHECKOUT, Sandbox, Size, manage, portal_values, running, wait_until
from devstack.environment import environment_of
from devstack.ports import free_port
from devstack.readiness import Roll

SIZES: Final = (Size(100, 5, 40), Size(1000, 20, 120), Size(5000, 60, 300))
TOKENS_SECONDS, ACCOUNT_SECONDS = 3.0, 5.0
_MARK: Final = "--one"
_QUEUES: Final = {"worker": "default", "worker-revoke": "cut,revoke"}


def _worker(name: str) -> list[str]:
    options = ["-c", "2", "-Q", _QUEUES[name], "-n", f"{name}@%h", "--without-gossip", "--without-mingle"]
    return [sys.executable, "-m", "celery", "-A", "portal.celery", "worker", *options]


def one(size: Size, *, with_inventory: bool) -> int:
    """Measure one size and print it.

    Returns:
        0 where every budget held.
    """
    sandbox = Sandbox(size, free_port())
    values = portal_values(sandbox)
    with running(sandbox.command), ExitStack() as stack:
        wait_until(sandbox.answers, "the sandbox")
        prepared = manage(values, "migrate")
        if prepared.returncode:
            raise RuntimeError(prepared.stderr[-2000:])
        manage(values, "check_setup", process="worker")  # the probes are other work, and due on the first day
        for name in _QUEUES:
            stack.enter_context(running(_worker(name), environment_of(name, values)))
        roll = Roll(values["REDIS_URL"])
        wait_until(lambda: all(roll.is_present(name) for name in _QUEUES), "a worker")
        roll.close()
        done = manage(values, "sync_inventory", "--json", *([] if with_inventory else ["--lists"]))
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        lee = sandbox.leaver()
        _add_tokens(sandbox)
        sandbox.forget_counts()
        ours = _offboard(sandbox, values)
        rest = sandbox.counted()
        if sys.stderr.isatty():
            print(json.dumps(sandbox.by_route(), indent=1), file=sys.stderr)
        theirs = _peer(sandbox, values, lee)
    return _report(size, ours, rest, theirs, with_inventory=with_inventory)


def _add_tokens(sandbox: Sandbox) -> None:
    for number in range(5):
        sandbox.pull("/tokens", account="lee", label=f"bench {number}", scopes=["read:repository"])


def _offboard(sandbox: Sandbox, values: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.offboarding_leaver", json.dumps(sandbox.leaver())]
    environment = environment_of("cli", values)
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _peer(sandbox: Sandbox, values: dict[str, str], lee: dict[str, Any]) -> tuple[int, float]:
    """What the script would send to find and prove the same: every place, before and after."""
    workspace = values["BITBUCKET_WORKSPACES"].split(",")[0]
    peer = Peer(sandbox.url, values["REVOKE_BOT_EMAIL"], values["REVOKE_BOT_TOKEN"], workspace)
    sandbox.forget_counts()
    began = time.perf_counter()
    peer.person(lee["uuid"])
    seconds = time.perf_counter() - began
    return 2 * sandbox.counted(), 2 * seconds


def _pages(rows: int) -> int:
    return max(1, -(-rows // 100))


def _report(size: Size, ours: dict[str, Any], rest: int, theirs: tuple[int, float], *, with_inventory: bool) -> int:
    removals = ours["removals"]
    # Own role, seat and effective listing, at the beginning and at the end; the projects once.
    controls = 2 * (2 + _pages(size.reached)) + _pages(size.projects)
    budget = int(1.1 * (removals + 2 * removals + controls))
    their_requests, their_seconds = theirs[0] + removals, theirs[1]
    print(f"{size.repositories} repositories, a leaver with {removals} grants and 5 tokens", end="")
    print(f" ({'fresh inventory' if with_inventory else 'lists only'}):")
    print(f"  first call to Atlassian after {ours['first_call']:6.2f} s")
    print(f"  last API token gone after     {ours['tokens_gone']:6.2f} s (budget {TOKENS_SECONDS:g} s)")
    print(f"  account off after             {ours['account_off']:6.2f} s (budget {ACCOUNT_SECONDS:g} s)")
    print(f"  cut closed after              {ours['cut']:6.2f} s, clean-up proven after {ours['seconds']:.1f} s")
    held = rest <= budget
    words = "held" if held else ("MISSED" if with_inventory else "over: every place was asked, the inventory is stale")
    print(f"  {rest} requests to Bitbucket, budget {budget}: {words}")
    print(f"  the script: about {their_requests} requests, {their_seconds:.0f} s;", end=" ")
    print(f"ratio {rest / their_requests:.3f} of its requests, {ours['seconds'] / their_seconds:.3f} of its time")
    print(f"  {ours['proof']}", flush=True)
    fast = ours["tokens_gone"] <= TOKENS_SECONDS and ours["account_off"] <= ACCOUNT_SECONDS
    return 0 if fast and (held or not with_inventory) else 1


def main(words: Sequence[str]) -> int:
    """Measure the sizes that were asked for (`100`, `1000`, `5000`), or all; `--lists` reads no grants before.

    Returns:
        0 where every budget held.
    """
    if words[:1] == [_MARK]:
        return one(Size(*map(int, words[1:4])), with_inventory="--lists" not in words)
    asked = {int(word) for word in words if word.isdigit()} or {size.repositories for size in SIZES}
    options = [word for word in words if word == "--lists"]
    codes = []
    for size in SIZES:
        if size.repositories in asked:
            command = [sys.executable, "-m", "bench.offboarding", _MARK, *map(str, size), *options]
            beside = [sys.executable, "-m", "devstack", "services", "--", *command]
            codes.append(subprocess.run(beside, cwd=CHECKOUT, check=False).returncode)
    return max(codes, default=1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
