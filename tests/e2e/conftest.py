"""The stack and the told story, for tests in a real browser: every process, servers of its own, free ports."""

import os
from collections.abc import Iterator

import pytest

from devstack.chromium import ensured_chromium
from devstack.stack import Stack
from tests.e2e.story import Story, beginning


@pytest.fixture(scope="session")
def told_story() -> Iterator[Story]:
    """The whole portal beside the sandbox after every step of the story held, for the length of the run."""
    os.environ["CHROMIUM"] = str(ensured_chromium())
    with Stack(ephemeral=True, port=0, sandbox_port=0) as stack, beginning(stack) as story:
        story.tell()
        yield story
