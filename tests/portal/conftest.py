"""The browser of these tests is the machine's own Chromium."""

from typing import Any

import pytest


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Playwright's own browser is not installed; Debian's works without a sandbox of its own."""
    return {**browser_type_launch_args, "executable_path": "/usr/bin/chromium"}
