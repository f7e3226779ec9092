"""Every page: no accessibility fault in light and dark, nothing wider than a phone, no error in the console."""

import gzip
import urllib.request
from typing import Any
from urllib.parse import urljoin

import pytest

from tests.e2e.looking import faults_of
from tests.e2e.pages import MOMENTS, PAGES, address_of
from tests.e2e.story import Story

pytestmark = pytest.mark.e2e
FIRST_LOAD_BYTES = 60_000


@pytest.mark.parametrize(("key", "name", "address"), PAGES, ids=[page[1] for page in PAGES])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_it_fits(told_story: Story, key: str, name: str, address: str, scheme: str) -> None:
    person = told_story.person(key).open(address_of(told_story, address))
    assert faults_of(person, scheme=scheme) == [], name


@pytest.mark.parametrize("name", MOMENTS)
def test_axe_found_nothing_while_the_story_was_told(
    told_story: Story, at_moments: dict[str, list[Any]], name: str
) -> None:
    assert at_moments[name] == []


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
