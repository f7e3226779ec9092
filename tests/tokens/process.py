"""manage.py as a process of its own, in an empty environment: no database, no settings."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def managed(*arguments: str, text: str | bytes = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py` with nothing in its environment but the PATH and what is given."""
    done = subprocess.run(
        [sys.executable, PROJECT / "manage.py", *arguments],
        input=text.encode() if isinstance(text, str) else text,
        capture_output=True,
        env={"PATH": os.environ["PATH"], **environment},
        cwd="/",
        timeout=60,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
