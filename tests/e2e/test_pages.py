"""Every page: no accessibility fault in light and dark, nothing wider than a phone, no error in the console."""

import gzip
import urllib.request
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.pages import PAGES, address_of
from tests.e2e.story import Story

pytestmark = pytest.mark.e2e
FIRST_LOAD_BYTES = 60_000


@pytest.mark.parametrize(("key", "name", "address"), PAGES, ids=[page[1] for page in PAGES])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_it_fits(told_story: Story, key: str, name: str, address: str, scheme: str) -> None:
    person = told_story.person(key)
    width = 360 if scheme == "dark" else 1280
    person.page.set_viewport_size({"width": width, "height": 800})
    person.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    person.page.goto(told_story.stack.portal_url + address_of(told_story, address))
    found = Axe().run(person.page).response["violations"]
    said = [(fault["id"], [node["html"][:160] for node in fault["nodes"][:3]]) for fault in found]
    assert said == [], name
    assert person.page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than the screen"
    assert person.problems == []


def test_the_first_load_is_small(told_story: Story) -> None:
    page = told_story.person("nobody").page
    urls: set[str] = set()
    page.on("response", lambda answer: urls.add(answer.url))
    page.goto(told_story.stack.portal_url + "/signin/", wait_until="networkidle")
    total = sum(len(gzip.compress(_body(urljoin(page.url, url)))) for url in urls)
    assert len(urls) > 3
    assert total < FIRST_LOAD_BYTES


def _body(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=5) as answer:
        body: bytes = answer.read()
        return body
