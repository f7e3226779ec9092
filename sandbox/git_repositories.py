"""Real bare repositories, made when somebody first asks for one, with a few files and commits."""

import os
import shutil
import subprocess
import threading
from pathlib import Path

from sandbox.model import Repository

_AUTHOR = "Sandbox <sandbox@acme.test>"
_FIRST = 1_767_225_600  # seconds since 1970: 1 January 2026, so that every clone has the same commits
_lock = threading.Lock()


def quiet_environment(home: Path) -> dict[str, str]:
    """Give an environment in which git reads nobody's configuration."""
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "LC_ALL": "C",
    }


def files_of(repository: Repository) -> list[tuple[str, dict[str, str]]]:
    """Give the commits of a repository: a message and the files it writes."""
    name = repository.name
    return [
        ("Start", {"README.md": f"# {name}\n\nPart of {repository.workspace_slug}.\n", ".gitignore": "__pycache__/\n"}),
        ("Say hello", {"src/app.py": f'def greet() -> str:\n    return "Hello from {name}"\n'}),
        (
            "Build it",
            {
                "bitbucket-pipelines.yml": "pipelines:\n  default:\n    - step:\n        script:\n          - make\n",
                "Makefile": "all:\n\tpython3 src/app.py\n",
            },
        ),
    ]


def bare_repository(folder: Path, repository: Repository) -> Path:
    """Give the path of the bare repository, creating it at first use."""
    path = folder / f"{repository.uuid.strip('{}')}.git"
    with _lock:
        if not path.exists():
            _create(path, repository)
    return path


def _create(path: Path, repository: Repository) -> None:
    scratch = path.with_suffix(".new")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    environment = quiet_environment(scratch)
    _git(environment, "init", "--bare", "--quiet", "--initial-branch=main", str(scratch))
    _git(environment, "-C", str(scratch), "fast-import", "--quiet", text=_import_stream(repository))
    scratch.rename(path)


def _git(environment: dict[str, str], *arguments: str, text: str = "") -> None:
    command = ["git", *arguments]
    subprocess.run(command, input=text.encode(), env=environment, check=True, capture_output=True, timeout=30)


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}\n"


def _import_stream(repository: Repository) -> str:
    """Write the commits in the language of `git fast-import`."""
    lines = []
    for number, (message, files) in enumerate(files_of(repository)):
        moment = _FIRST + 86_400 * number
        lines.append(f"commit refs/heads/main\ncommitter {_AUTHOR} {moment} +0000\n{_data(message)}")
        lines += [f"M 100644 inline {path}\n{_data(text)}" for path, text in files.items()]
    return "".join(lines) + "done\n"
