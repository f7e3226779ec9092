"""`make story` and `make screenshots`: a headless browser and a real git client against a stack of their own."""

import importlib
import os
from collections.abc import Callable, Sequence
from typing import cast

from devstack.chromium import ensured_chromium
from devstack.stack import Stack

# Named, not imported: the machinery knows nothing of the tests.
_STORY = "tests.e2e.story"
_SCREENSHOTS = "tests.e2e.screenshots"
# The story takes minutes and reads everything twice: what would wait for the next hour must not. The sandbox's own
# limit is Bitbucket's all the same; the story says where an hour passes for it.
ENVIRONMENT = {"BITBUCKET_REQUESTS_PER_HOUR": "3000"}


def story(_arguments: Sequence[str]) -> int:
    """Tell the story against a stack of its own.

    Returns:
        What the story's `main` returns: 0 only if every step held.

    Raises:
        StackError: there is no browser, or the stack could not start.
    """
    return _told(_STORY)


def screenshots(_arguments: Sequence[str]) -> int:
    """Take the pictures of docs/screenshots.

    Returns:
        What the module's `main` returns.

    Raises:
        StackError: there is no browser, or the stack could not start.
    """
    return _told(_SCREENSHOTS)


def _told(module: str) -> int:
    os.environ["CHROMIUM"] = str(ensured_chromium())
    main = cast("Callable[[Stack], int]", importlib.import_module(module).main)
    with Stack(ephemeral=True, port=0, sandbox_port=0, extra_env=ENVIRONMENT) as stack:
        return main(stack)
