"""How large and how slow the stand-in is, and where it keeps its state."""

import argparse
from dataclasses import asdict, dataclass, field
from pathlib import Path

_SHAPING = ("repositories", "members", "projects", "tokens", "seed", "leaver_repositories")


@dataclass(frozen=True)
class Options:
    """Everything that can be chosen at the start.

    `repositories`, `projects`, `members` and `tokens` count what is seeded in the workspace beside the cast;
    `latency_ms` is added to every answer of an API; `hourly_limit` 0 means no limit; `leaver_repositories`
    is how many repositories Lee reaches (None: as large a part as in the usual demo); `access_token_limit` is the
    hourly limit of access tokens, 0 the same one as everybody's; `state` None keeps everything
    in memory and the git repositories in a temporary folder; `ssh_folder` is where an SSH server finds what it needs to
    serve deploy keys, the git repositories among it (see `ssh_folder.py`; None: git over HTTPS only).
    """

    repositories: int = 230
    members: int = 36
    projects: int = 6
    tokens: int = 48
    seed: int = 1
    latency_ms: int = 0
    hourly_limit: int = 1000
    state: Path | None = None
    portal_url: str = "http://127.0.0.1:8000"
    callback_urls: tuple[str, ...] = field(default=())
    leaver_repositories: int | None = None
    access_token_limit: int = 0
    ssh_folder: Path | None = None

    def shape(self) -> dict[str, int | None]:
        """Give the numbers that decide what is seeded: a kept state fits only the same ones."""
        values = asdict(self)
        return {name: values[name] for name in _SHAPING}


def _shown(default: int | None) -> str:
    return "a fixed part" if default is None else str(default)


def parser() -> argparse.ArgumentParser:
    """Build the command line of `python -m sandbox`."""
    parser = argparse.ArgumentParser(prog="sandbox", description="A stand-in for Bitbucket Cloud and Atlassian admin")
    parser.add_argument("--port", type=int, default=8100, help="listen on this port of 127.0.0.1")
    numbers = {
        "repositories": "repositories of the workspace",
        "members": "members beside the cast",
        "projects": "projects of the workspace",
        "tokens": "API tokens in the organisation beside those of the cast",
        "seed": "another number, another set of ids and demo keys",
        "latency-ms": "milliseconds added to every API answer",
        "hourly-limit": "requests per principal and rolling hour, 0 for no limit",
        "access-token-limit": "the same for one access token, 0 for the ordinary limit and no header",
        "leaver-repositories": "repositories that Lee reaches",
    }
    for name, words in numbers.items():
        default = getattr(Options, name.replace("-", "_"))
        parser.add_argument(f"--{name}", type=int, default=default, help=f"{words} (default {_shown(default)})")
    parser.add_argument("--state", type=Path, default=None, help="folder that keeps accounts, tokens and git data")
    parser.add_argument("--ssh-folder", type=Path, default=None, help="folder that an SSH server for git works from")
    parser.add_argument("--portal-url", default=Options.portal_url, help="where the portal that signs in here runs")
    parser.add_argument("--callback-url", action="append", default=[], help="an exact OAuth callback, repeatable")
    parser.add_argument("--print-environment", action="store_true", help="print what the portal needs, and stop")
    parser.add_argument("--verbose", action="store_true", help="one line per request, without its query")
    return parser


def options_from(arguments: argparse.Namespace) -> Options:
    """Turn a parsed command line into options."""
    return Options(
        repositories=arguments.repositories,
        members=arguments.members,
        projects=arguments.projects,
        tokens=arguments.tokens,
        seed=arguments.seed,
        latency_ms=arguments.latency_ms,
        hourly_limit=arguments.hourly_limit,
        state=arguments.state,
        portal_url=arguments.portal_url,
        callback_urls=tuple(arguments.callback_url),
        leaver_repositories=arguments.leaver_repositories,
        access_token_limit=arguments.access_token_limit,
        ssh_folder=arguments.ssh_folder,
    )
