"""The stack and the told story, for tests in a real browser: every process, servers of its own, free ports."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from devstack.chromium import ensured_chromium
from devstack.stack import Stack
from devstack.story import ENVIRONMENT
from tests.e2e.looking import faults_of
from tests.e2e.people import PersonAtBrowser
from tests.e2e.story import Story


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium."""
    return {**browser_type_launch_args, "executable_path": str(ensured_chromium())}


@pytest.fixture(scope="session")
def at_moments() -> dict[str, list[Any]]:
    """What was wrong with the pages that are there only while the story is told."""
    return {}


@pytest.fixture(scope="session")
def told_story(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, at_moments: dict[str, list[Any]]
) -> Iterator[Story]:
    """The whole portal beside the sandbox after every step of the story held, for the length of the run."""
    folder: Path = tmp_path_factory.mktemp("story")
    with Stack(ephemeral=True, port=0, sandbox_port=0, extra_env=ENVIRONMENT) as stack:
        story = Story(stack, browser, folder)

        def look(name: str, person: PersonAtBrowser) -> None:
            at_moments[name] = [fault for scheme in ("light", "dark") for fault in faults_of(person, scheme=scheme)]

        story.at_moment = look
        story.tell()
        yield story
        for person in story.people.values():
            person.close()
