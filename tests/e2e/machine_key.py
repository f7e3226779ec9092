"""A machine with a key pair of its own: its private half stays in its folder, and git goes over SSH."""

import os
import subprocess
from pathlib import Path

from tests.e2e.git_client import SECONDS, GitAnswer


class Machine:
    """Something that fetches code.

    Args:
        home: a directory of its own.
        ssh_url: what stands before a repository's path; None where this computer cannot have git over SSH.
    """

    def __init__(self, home: Path, ssh_url: str | None) -> None:
        self.home, self.ssh_url = home, ssh_url
        home.mkdir(parents=True, exist_ok=True)

    def make_pair(self, line: str) -> str:
        """Run the line that the page gives; the public half."""
        words = line.split()
        empty = words.index("''")
        arguments = ["" if number == empty else word for number, word in enumerate(words)]
        subprocess.run([*arguments, "-q"], cwd=self.home, check=True, timeout=SECONDS)
        self.key = self.home / words[-1]
        return Path(f"{self.key}.pub").read_text()

    @property
    def private_line(self) -> str:
        """A line of the private half, to look for where it must not be."""
        return self.key.read_text().splitlines()[2]

    def clone(self, repository: str, target: str) -> GitAnswer:
        """Clone over SSH."""
        return self._git("clone", f"{self.ssh_url}/{repository}.git", target)

    def push(self, target: str) -> GitAnswer:
        """Try to push a change."""
        folder = self.home / target
        (folder / "from-the-machine.txt").write_text("no\n")
        self._git("-C", target, "add", ".")
        self._git("-C", target, "commit", "-m", "A change")
        return self._git("-C", target, "push", "origin", "HEAD")

    def _git(self, *arguments: str) -> GitAnswer:
        options = ("IdentitiesOnly=yes", "IdentityAgent=none", "BatchMode=yes", "StrictHostKeyChecking=accept-new")
        known = (f"UserKnownHostsFile={self.home / 'known_hosts'}", f"IdentityFile={self.key}")
        ssh = " ".join(["ssh -F none", *(f"-o {option}" for option in (*options, *known))])
        names = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")
        environment = dict.fromkeys(names, "machine@acme.test") | {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_SSH_COMMAND": ssh,
            "LC_ALL": "C",
        }
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.home,
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        return GitAnswer(done.returncode, done.stderr + done.stdout)
