"""Django's own list of what a deployment needs, with the settings of a real one."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_deployment_check_finds_nothing() -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "PORTAL_PROCESS": "cli",
        "PORTAL_URL": "https://portal.example",
        "ALLOWED_HOSTS": "portal.example",
        "SECRET_KEY": os.urandom(40).hex(),
        "DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:1/none",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
