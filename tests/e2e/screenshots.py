"""`make screenshots`: every page after the story, wide, narrow and dark, into docs/screenshots."""

from pathlib import Path

from devstack.stack import Stack
from tests.e2e.pages import PAGES, address_of
from tests.e2e.story import Story, beginning

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
LOOKS: tuple[tuple[str, int, int, bool], ...] = (
    ("wide", 1280, 800, False),
    ("narrow", 360, 740, False),
    ("dark", 1280, 800, True),
)


def take(story: Story) -> None:
    """Take every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for key, name, address in PAGES:
        page = story.person(key).page
        for look, width, height, dark in LOOKS:
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
            page.goto(story.stack.portal_url + address_of(story, address))
            page.screenshot(path=FOLDER / f"{name}-{look}.png", full_page=True)


def main(stack: Stack) -> int:
    """Tell the story, then take the pictures."""
    with beginning(stack) as story:
        story.tell()
        take(story)
    print(f"{len(PAGES) * len(LOOKS)} pictures are in {FOLDER}.", flush=True)
    return 0
