"""`make demo`: the portal to click through, until Ctrl-C."""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from devstack.errors import StackError
from devstack.home import MACHINERY, remove_checkout_home
from devstack.stack import Stack
from devstack.state import State

STATE = MACHINERY / "portal"
_PERSONAS = (
    ("Emma", "employee", "asks for credentials, pastes them once, uses them, gives them back"),
    ("Aria", "approver", "decides on requests, never on her own"),
    ("Ada", "admin", "sees every credential, revokes, names approvers; has no workspace seat"),
    ("Max", "admin", "is the second one, for what takes two"),
    ("Otto", "auditor", "sees everything and changes nothing; has no workspace seat"),
    ("Lee", "leaver", "is about to leave and holds one of everything"),
    ("Sam", "nobody here", "is not a member and is turned away with the reason"),
)


def demo(arguments: Sequence[str]) -> int:
    """Run the demo until it is interrupted, its parent is gone, or one of its processes ends.

    Args:
        arguments: `--with-parent` ends the demo when the process that started it is gone, killed or not;
            `--once` ends it as soon as it is ready, to see that it comes up and how long that takes;
            `--state DIRECTORY` keeps its data there.

    Returns:
        0 after Ctrl-C.

    Raises:
        StackError: it could not start, or one of its processes ended by itself.
    """
    began = time.monotonic()
    parent = os.getppid()
    stack = Stack(
        _state(arguments),
        port=_port("PORT", 8000),
        sandbox_port=_port("SANDBOX_PORT", 8100),
        ssh_port=_port("SANDBOX_SSH_PORT", 0) if os.environ.get("SANDBOX_SSH_PORT") else None,
    )
    print("Starting the demo ...", flush=True)
    try:
        with stack:
            print(_banner(stack, time.monotonic() - began), flush=True)
            if "--once" in arguments:
                return 0
            _watch(stack, lambda: "--with-parent" not in arguments or os.getppid() == parent)
    except KeyboardInterrupt:
        print("\nThe demo has stopped; its data is kept.", flush=True)
    return 0


def clean(_arguments: Sequence[str]) -> int:
    """Remove what root's servers keep outside the checkout, and their user once no checkout needs it.

    Returns:
        0.

    Raises:
        StackError: the demo is running.
    """
    reset(())
    remove_checkout_home()
    return 0


def reset(_arguments: Sequence[str]) -> int:
    """Forget the demo's data.

    Returns:
        0.

    Raises:
        StackError: the demo is running.
    """
    State(STATE).remove()
    print("The demo's data is gone; make demo starts over.")
    return 0


def _watch(stack: Stack, may_go_on: Callable[[], bool]) -> None:
    while may_go_on():
        stack.raise_for_the_dead()
        time.sleep(0.3)
    raise KeyboardInterrupt


def _state(arguments: Sequence[str]) -> Path:
    return Path(arguments[arguments.index("--state") + 1]) if "--state" in arguments else STATE


def _port(variable: str, default: int) -> int:
    text = os.environ.get(variable, "") or str(default)
    if not text.isdecimal() or int(text) > 65535:
        raise StackError(f"{variable} must be a port number up to 65535 (0 for any free one), not {text!r}.")
    return int(text)


def _banner(stack: Stack, seconds: float) -> str:
    people = "\n".join(f"    {name:<5} {role:<12} {words}" for name, role, words in _PERSONAS)
    ssh = f"\n  Git over SSH     {stack.ssh_url}   (read-only, for deploy keys)" if stack.ssh_url else ""
    return f"""
  The portal       {stack.portal_url}
  The sandbox      {stack.sandbox_url}   (stands in for Bitbucket and Atlassian){ssh}

  Sign in on the portal and pick one of these people on the sandbox's page; nobody has a password:
{people}

  Mails go to      {stack.mail}
  Logs are in      {stack.state.logs}

  Ready after {seconds:.1f} seconds. Ctrl-C stops everything and keeps the data; make demo-reset forgets it.
"""
