"""Which git commands fetch and which push, and whether they go to Bitbucket (https://git-scm.com/docs)."""

import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from tokens.catalogue.masking import HIDDEN
from tokens.catalogue.operations.addresses import WEB_HOSTS
from tokens.catalogue.operations.options import names
from tokens.catalogue.operations.variables import is_variable, means_other_service

Effect = Literal["fetch", "push", "local", "unknown"]

_FETCHES: Final = names("clone fetch pull ls-remote fetch-pack request-pull")
_PUSHES: Final = names("push send-pack")
# A second word decides: `git remote update` talks to the server, `git remote add` does not.
_BY_SECOND_WORD: Final[dict[str, dict[str, Effect]]] = {
    "remote": {"update": "fetch", "show": "fetch", "prune": "fetch"},
    "submodule": {"update": "fetch", "add": "fetch"},
    "lfs": {
        **dict.fromkeys(("pull", "fetch", "clone", "locks"), "fetch"),
        **dict.fromkeys(("push", "lock", "unlock"), "push"),
    },
    "subtree": {"add": "fetch", "pull": "fetch", "push": "push"},
}
_LOCAL: Final = names(
    "add am annotate apply archive bisect blame branch bundle cat-file check-attr check-ignore checkout cherry "
    "cherry-pick clean commit commit-graph commit-tree config count-objects credential describe diff diff-files "
    "diff-index diff-tree difftool fast-export fast-import filter-branch for-each-ref format-patch fsck gc grep gui "
    "hash-object help hook init interpret-trailers log ls-files ls-tree maintenance merge merge-base merge-file "
    "merge-tree mergetool mktree mv name-rev notes pack-objects pack-refs patch-id prune range-diff read-tree rebase "
    "reflog repack replace rerere reset restore rev-list rev-parse revert rm shortlog show show-branch show-ref "
    "sparse-checkout stash status stripspace switch symbolic-ref tag update-index update-ref update-server-info var "
    "verify-commit verify-pack verify-tag version whatchanged worktree write-tree"
)
# The step `git url: '…', branch: '…'` of a Jenkins pipeline: https://www.jenkins.io/doc/pipeline/steps/git/
_JENKINS_STEP: Final = names("url: branch: credentialsId: changelog: poll:")
# Options before the command that take a value in the next word.
_GLOBAL_WITH_VALUE: Final = names("-C -c --git-dir --work-tree --namespace --exec-path --config-env --super-prefix")
_URL: Final = re.compile(
    r"(?:git(?:\+|::))?(?:https?|ssh|git)://(?:[^/@\s]*@)?(?P<host>[^/:\s]+)(?::\d+)?(?P<path>/\S*)?", re.IGNORECASE
)
_SCP_STYLE: Final = re.compile(
    r"(?:git::)?(?P<user>[\w.*-]+@)?(?P<host>(?:[\w-]+\.)+[a-z]{2,}|\$\{?\w+\}?):(?!//)(?P<path>[^\s:]+)", re.IGNORECASE
)
_HOSTS: Final = WEB_HOSTS | {"altssh.bitbucket.org"}
_WIKI: Final = re.compile(r"/?[^/]+/[^/]+?(?:\.git)?/wiki(?:\.git)?/?")
_ON_DISK: Final = re.compile(r"file://.*|\.{1,2}|(?:\.{0,2}|~)/.*|[A-Za-z]:[\\/].*", re.IGNORECASE)
# The two services of git, as traces, access logs and SSH show them.
_SERVICE: Final = re.compile(r"(?:[/=]|\b)(?P<service>git-(?:upload|receive)-pack)(?![\w-])")


_HIDDEN_ADDRESS: Final = re.compile(rf"(?:https?|ssh|git):{re.escape(HIDDEN)}", re.IGNORECASE)


class GitCommand(NamedTuple):
    """What one git command does. `host`: where its address leads, empty where it names a remote or none."""

    effect: Effect
    name: str
    host: str = ""
    is_wiki: bool = False

    @property
    def is_hidden(self) -> bool:
        """Whether the masker took the address for a secret (`git push -u https:***`)."""
        return self.host == HIDDEN

    @property
    def is_elsewhere(self) -> bool:
        """Whether it names a host that is not Bitbucket Cloud."""
        return bool(self.host) and not is_git_host(self.host)


def is_git_host(host: str) -> bool:
    """Whether git reaches Bitbucket Cloud under this name; a variable may be it where its name says nothing else."""
    return host in _HOSTS or (is_variable(host) and not means_other_service(host))


def read_git(words: Sequence[str]) -> GitCommand:
    """What `git …` does. `words` follow the program's name."""
    rest = _without_global_options(words)
    if not rest:
        return GitCommand("local", "git")
    command, *arguments = rest
    if command in _JENKINS_STEP or address_of(command):
        command, arguments = "clone", rest
    effect = _effect(command, arguments)
    host, path = _chosen([found for found in map(address_of, arguments) if found])
    return GitCommand(effect, f"git {command}", host, bool(_WIKI.fullmatch(path)))


def address_of(word: str) -> tuple[str, str] | None:
    """Host and path of a repository's address; None for any other word (a branch, a remote, a path on the disk)."""
    word = word.removeprefix("--remote=").strip("\"'`,;()[]")
    if _HIDDEN_ADDRESS.fullmatch(word):
        return HIDDEN, ""
    found = _URL.match(word)
    if found:
        return found["host"].lower(), found["path"] or ""
    found = _SCP_STYLE.fullmatch(word)
    # main:release/1.x is a pair of branches, and v1.rc:main another; an address without a user names a known host.
    if found and (found["user"] or found["host"].lower() in _HOSTS or found["path"].endswith(".git")):
        return found["host"].lower(), found["path"]
    if is_variable(word) and means_other_service(word):
        return word, ""
    return None


def service_in(address: str) -> Effect | None:
    """`fetch` or `push` where an address is one of git's own over HTTP; None for any other."""
    found = _SERVICE.search(address)
    if not found:
        return None
    return "push" if found["service"] == "git-receive-pack" else "fetch"


def nested_in(words: Sequence[str]) -> list[str]:
    """What `git submodule foreach …` runs in every submodule; empty for any other command."""
    rest = [word for word in _without_global_options(words) if not word.startswith("--")]
    return rest[2:] if rest[:2] == ["submodule", "foreach"] else []


def _chosen(addresses: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The one that leads to Bitbucket, where several are named (--reference, a mirror)."""
    ours = [address for address in addresses if is_git_host(address[0])]
    return (ours or addresses or [("", "")])[0]


def _without_global_options(words: Sequence[str]) -> list[str]:
    rest = list(words)
    while rest and rest[0].startswith("-"):
        taken = 2 if rest[0] in _GLOBAL_WITH_VALUE else 1
        rest = rest[taken:]
    return rest


def _effect(command: str, arguments: Sequence[str]) -> Effect:
    if "--help" in arguments or list(arguments) == ["-h"]:
        return "local"
    if command in _FETCHES | _PUSHES:
        source = next((word for word in arguments if not word.startswith("-")), "")
        return "local" if _ON_DISK.fullmatch(source) else "fetch" if command in _FETCHES else "push"
    if command in _BY_SECOND_WORD:
        second = next((word for word in arguments if not word.startswith("-")), "")
        return _BY_SECOND_WORD[command].get(second, "local")
    if command == "archive" and any(word.startswith("--remote") for word in arguments):
        return "fetch"
    return "local" if command in _LOCAL else "unknown"
