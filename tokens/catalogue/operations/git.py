"""Which git commands fetch and which push, and whether they go to Bitbucket."""

import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from tokens.catalogue.operations.addresses import WEB_HOSTS, is_variable

Effect = Literal["fetch", "push", "local", "unknown"]

_FETCHES: Final = frozenset({"clone", "fetch", "pull", "ls-remote"})
_PUSHES: Final = frozenset({"push"})
# A second word decides: `git remote update` talks to the server, `git remote add` does not.
_BY_SECOND_WORD: Final[dict[str, dict[str, Effect]]] = {
    "remote": {"update": "fetch", "show": "fetch", "prune": "fetch"},
    "submodule": {"update": "fetch", "add": "fetch"},
    "lfs": {"pull": "fetch", "fetch": "fetch", "clone": "fetch", "push": "push", "lock": "push", "unlock": "push"},
    "subtree": {"add": "fetch", "pull": "fetch", "push": "push"},
}
_LOCAL_COMMANDS: Final = (
    "add am annotate apply bisect blame branch bundle cat-file check-ignore checkout cherry cherry-pick clean commit "
    "config count-objects credential describe diff diff-tree filter-branch for-each-ref format-patch fsck gc grep help "
    "init log ls-files ls-tree merge merge-base mv notes prune rebase reflog repack replace reset restore rev-list "
    "rev-parse revert rm shortlog show show-ref sparse-checkout stash status switch symbolic-ref tag update-index "
    "update-ref verify-commit verify-tag version whatchanged worktree write-tree"
)
_LOCAL: Final = frozenset(_LOCAL_COMMANDS.split())
# Options before the command that take a value in the next word.
_GLOBAL_WITH_VALUE: Final = frozenset({"-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path"})
_URL: Final = re.compile(r"(?:git\+)?(?:https?|ssh|git)://(?:[^/@\s]*@)?(?P<host>[^/:\s]+)(?::\d+)?(?P<path>/\S*)?")
_SCP_STYLE: Final = re.compile(r"(?:[\w.-]+@)?(?P<host>(?:[\w-]+\.)+[a-z]{2,}):(?!//)(?P<path>\S+)")
_HOSTS: Final = WEB_HOSTS | {"altssh.bitbucket.org"}
_WIKI: Final = re.compile(r"/?[^/]+/[^/]+/wiki(?:\.git)?/?")
# The two services of git over HTTP, as traces and access logs show them.
_SERVICE: Final = re.compile(r"(?:/info/refs\?service=|/)(?P<service>git-(?:upload|receive)-pack)(?![\w-])")


class GitCommand(NamedTuple):
    """What one git command does. `host`: where its address leads, empty where it names a remote or none."""

    effect: Effect
    name: str
    host: str = ""
    is_wiki: bool = False

    @property
    def is_elsewhere(self) -> bool:
        """Whether it names a host that is not Bitbucket Cloud."""
        return bool(self.host) and self.host not in _HOSTS and not is_variable(self.host)


def read_git(words: Sequence[str]) -> GitCommand:
    """What `git …` does. `words` follow the program's name."""
    rest = _without_global_options(words)
    if not rest:
        return GitCommand("local", "git")
    command, *arguments = rest
    effect = _effect(command, arguments)
    address = next((found for found in map(_address, arguments) if found), None)
    host, path = address if address else ("", "")
    return GitCommand(effect, f"git {command}", host, bool(_WIKI.fullmatch(path)))


def service_in(address: str) -> Effect | None:
    """`fetch` or `push` where an address is one of git's own over HTTP; None for any other."""
    found = _SERVICE.search(address)
    if not found:
        return None
    return "push" if found["service"] == "git-receive-pack" else "fetch"


def _without_global_options(words: Sequence[str]) -> list[str]:
    rest = list(words)
    while rest and rest[0].startswith("-"):
        taken = 2 if rest[0] in _GLOBAL_WITH_VALUE else 1
        rest = rest[taken:]
    return rest


def _effect(command: str, arguments: Sequence[str]) -> Effect:
    if command in _FETCHES:
        return "fetch"
    if command in _PUSHES:
        return "push"
    if command in _BY_SECOND_WORD:
        second = next((word for word in arguments if not word.startswith("-")), "")
        return _BY_SECOND_WORD[command].get(second, "local")
    if command == "archive":
        return "fetch" if any(word.startswith("--remote") for word in arguments) else "local"
    return "local" if command in _LOCAL else "unknown"


def _address(word: str) -> tuple[str, str] | None:
    found = _URL.match(word) or _SCP_STYLE.fullmatch(word)
    return (found["host"].lower(), (found["path"] or "").removesuffix(".git")) if found else None
