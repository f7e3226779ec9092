"""The story is a test too: the same steps that `make story` prints."""

import pytest

from tests.e2e.story import STEPS, Story

pytestmark = pytest.mark.e2e


def test_every_step_of_the_story_holds(told_story: Story) -> None:
    assert told_story.told == len(STEPS)
