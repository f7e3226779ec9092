"""A Chromium for the browser tests and the story."""

import os
import shutil
import subprocess
from pathlib import Path

from devstack.errors import StackError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PLAYWRIGHTS = (
    "chrome-linux/chrome",
    "chrome-linux64/chrome",
    "chrome-mac/Chromium.app/Contents/MacOS/Chromium",
)
_NONE = (
    "There is no Chromium here: install one (Debian: apt-get install chromium; elsewhere: playwright install"
    " chromium), or set CHROMIUM to the path of one."
)


def chromium_path() -> Path | None:
    """Find a Chromium: $CHROMIUM, one on the PATH, else one that Playwright installed.

    Returns:
        Its program, or None.

    Raises:
        StackError: $CHROMIUM names nothing.
    """
    named = os.environ.get("CHROMIUM", "")
    if named:
        return _named(Path(named))
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return _playwrights()


def ensured_chromium() -> Path:
    """Find a Chromium, or install Debian's when we are root there.

    Returns:
        Its program.

    Raises:
        StackError: there is none and none can be installed.
    """
    found = chromium_path() or _installed()
    if found is None:
        raise StackError(_NONE)
    return found


def _named(path: Path) -> Path:
    if not path.is_file():
        raise StackError(f"CHROMIUM names {path}, and there is no such program.")
    return path


def _playwrights() -> Path | None:
    places = [
        os.environ.get("PLAYWRIGHT_BROWSERS_PATH", ""),
        "~/.cache/ms-playwright",
        "~/Library/Caches/ms-playwright",
    ]
    for place in filter(None, places):
        for program in _PLAYWRIGHTS:
            found = sorted(Path(place).expanduser().glob(f"chromium-*/{program}"))
            if found:
                return found[-1]
    return None


def _installed() -> Path | None:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        answer = subprocess.run([apt, "-qq", *arguments], env=environment, capture_output=True, text=True, check=False)
        if answer.returncode:
            raise StackError(f"{_NONE} Installing it failed: {answer.stderr.strip()[-500:]}")
    return chromium_path()
