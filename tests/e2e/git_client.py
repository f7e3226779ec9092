"""The real git client, quiet and alone: a home of its own, no helper, no prompt; secrets by GIT_ASKPASS, not by URL."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

GIT_USER = "x-bitbucket-api-token-auth"
ACCESS_TOKEN_USER = "x-token-auth"
SECONDS = 60


@dataclass(frozen=True)
class GitAnswer:
    """How git ended and what it said."""

    code: int
    said: str

    @property
    def worked(self) -> bool:
        return self.code == 0


class GitClient:
    """git with one secret.

    Args:
        home: a directory of its own.
        web_url: where the repositories are.
        secret: what is given when git asks for the password.
        user: what stands for a person in the address; it differs by the kind of credential.
    """

    def __init__(self, home: Path, web_url: str, secret: str, *, user: str = GIT_USER) -> None:
        self.home = home
        home.mkdir(parents=True, exist_ok=True)
        parts = urlsplit(web_url)
        self._base = f"{parts.scheme}://{user}@{parts.netloc}"
        askpass = home / "askpass.sh"
        askpass.write_text('#!/bin/sh\nprintf %s "$GIT_SECRET"\n')
        askpass.chmod(0o700)
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": str(askpass),
            "GIT_SECRET": secret,
            "LC_ALL": "C",
            "GIT_AUTHOR_NAME": "Emma",
            "GIT_AUTHOR_EMAIL": "emma@acme.test",
            "GIT_COMMITTER_NAME": "Emma",
            "GIT_COMMITTER_EMAIL": "emma@acme.test",
        }

    def clone(self, repository: str, target: str) -> GitAnswer:
        """Clone ``workspace/name`` into a directory below home."""
        return self._run("-c", "credential.helper=", "clone", f"{self._base}/{repository}.git", target)

    def commit_and_push(self, target: str, text: str) -> GitAnswer:
        """Change a file in a clone, commit, push."""
        folder = self.home / target
        (folder / "from-the-story.txt").write_text(text)
        self._run("-C", target, "add", "from-the-story.txt")
        self._run("-C", target, "commit", "-m", "A change")
        return self._run("-C", target, "-c", "credential.helper=", "push", "origin", "HEAD")

    def _run(self, *arguments: str) -> GitAnswer:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.home,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        return GitAnswer(done.returncode, done.stderr + done.stdout)
