"""The real git client, away from everybody's configuration, with the credential outside the command line."""

import os
import subprocess
from pathlib import Path

_ANSWERS = """#!/bin/sh
case "$1" in Username*) echo "$SENT_USER" ;; *) echo "$SENT_SECRET" ;; esac
"""


class Git:
    """Runs git in one folder against one sandbox."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self._answers = folder / "answers.sh"
        self._answers.write_text(_ANSWERS)
        self._answers.chmod(0o700)

    def run(
        self, *arguments: str, user: str = "", secret: str = "", cwd: Path | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run one command; git asks a small program for user and secret, which reads them from its environment."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
            "GIT_AUTHOR_NAME": "Emma",
            "GIT_AUTHOR_EMAIL": "emma@acme.test",
            "GIT_COMMITTER_NAME": "Emma",
            "GIT_COMMITTER_EMAIL": "emma@acme.test",
            "NO_PROXY": "127.0.0.1",
        }
        if user:
            environment |= {"GIT_ASKPASS": str(self._answers), "SENT_USER": user, "SENT_SECRET": secret}
        return subprocess.run(
            ["git", "-c", "credential.helper=", *arguments],
            cwd=cwd or self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def clone(self, user: str, secret: str, name: str = "acme/web") -> "subprocess.CompletedProcess[str]":
        """Clone a repository into a folder of its name."""
        target = name.replace("/", "-")
        assert not (self.folder / target).exists(), "git would refuse for that reason alone"
        return self.run("clone", f"{self.url}/{name}.git", target, user=user, secret=secret)

    def push(self, user: str, secret: str, text: str = "more\n") -> "subprocess.CompletedProcess[str]":
        """Commit a file in the clone of acme/web and push it."""
        clone = self.folder / "acme-web"
        (clone / "NOTES.md").write_text(text)
        self.run("add", ".", cwd=clone)
        self.run("commit", "-m", "Notes", cwd=clone)
        return self.run("push", user=user, secret=secret, cwd=clone)
