"""`make screenshots`: every page after the story, wide, narrow and dark, into docs/screenshots."""

from pathlib import Path

from devstack.stack import Stack
from tests.e2e.looking import seen_as
from tests.e2e.pages import MOMENTS, PAGES, address_of
from tests.e2e.people import PersonAtBrowser
from tests.e2e.story import Story, beginning

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
LOOKS: tuple[tuple[str, int, int, bool], ...] = (
    ("wide", 1280, 800, False),
    ("narrow", 360, 740, False),
    ("dark", 1280, 800, True),
)


def take(story: Story) -> None:
    """Take every picture of what is there when the story has been told."""
    for key, name, address in PAGES:
        person = story.person(key).open(address_of(story, address))
        take_one(name, person)


def take_one(name: str, person: PersonAtBrowser) -> None:
    """Take the pictures of the page that somebody looks at, and leave it as it was."""
    page = person.page
    for look, width, height, dark in LOOKS:
        with seen_as(page, width=width, height=height, dark=dark):
            page.reload()
            page.screenshot(path=FOLDER / f"{name}-{look}.png", full_page=True)


def main(stack: Stack) -> int:
    """Tell the story, then take the pictures."""
    with beginning(stack) as story:
        FOLDER.mkdir(parents=True, exist_ok=True)
        story.at_moment = take_one
        story.tell()
        take(story)
    print(f"{(len(PAGES) + len(MOMENTS)) * len(LOOKS)} pictures are in {FOLDER}.", flush=True)
    return 0
