"""The chapter of a build that checks out and reports: an access token from the adviser to the proof of its end."""

import time
from typing import TYPE_CHECKING

import requests
from playwright.sync_api import expect

from tests.e2e.git_client import ACCESS_TOKEN_USER, GitClient
from tests.e2e.people import PersonAtBrowser

if TYPE_CHECKING:
    from tests.e2e.story import Story

PERSONS_MINUTES = 3
PULL_REQUESTS = "repositories/acme/web/pullrequests"


def ask(story: "Story", form: str, **fields: str) -> str:
    """Emma asks for a machine's token; returns the request's address."""
    emma = story.person("emma").open(form)
    wanted = {"machine": "Jenkins", "where_used": "build-01", "deputy": "aria@acme.test", "lifetime_days": "90"}
    for name, value in (wanted | fields).items():
        emma.page.locator(f'[name="{name}"]').fill(value)
    emma.page.locator('[data-action="ask"]').click()
    emma.page.wait_for_url("**/requests/bcp-*/")
    return emma.page.url.removeprefix(emma.portal)


def make(story: "Story", request: str, name: str) -> str:
    """Aria approves, makes the token as an admin of its place, and pastes it once; returns the credential's address."""
    aria = story.person("aria").open(request)
    aria.page.locator('[data-action="approve"]').click()
    aria.page.locator('[data-action="create"]').click(timeout=30_000)
    story.moment("make-access-token", aria)
    walk = aria.page.locator("[data-machine-walk]")
    label = walk.locator(".copy-line code").inner_text()
    end = walk.locator("[data-until]").get_attribute("data-until") or ""
    scopes = walk.locator("[data-classic-scope]").all_inner_texts()
    link = walk.locator('[data-action="open-bitbucket"]').get_attribute("href") or ""
    token = aria.create_token(link, name=label, expiry=end, scopes=scopes)
    story.tokens[name] = token
    aria.page.locator('[name="expires_on"]').fill(end)
    aria.page.locator('[name="secret"]').fill(token.secret)
    aria.page.locator('[data-action="check"]').click()
    expect(aria.page.locator("#live")).to_have_attribute("data-outcome", "exact")
    assert token.secret not in aria.page.content()
    use = aria.page.locator('[data-action="use"]').get_attribute("href") or ""
    return use.removesuffix("use/")


def end(story: "Story", address: str, name: str) -> None:
    """Emma ends it; Aria sees that it lives, deletes it at Bitbucket, and pastes it once more: a 401 is the proof."""
    emma = story.person("emma").open(address)
    emma.page.get_by_role("button", name="Revoke it").click()
    dialog = emma.page.locator("dialog#revoke")
    dialog.locator('[name="reason"]').fill("The build moves to another system")
    dialog.get_by_role("button", name="Have it deleted").click()
    emma.page.wait_for_load_state()
    aria = _present(story, address, name)
    expect(aria.page.get_by_text("still works").first).to_be_visible()
    story.moment("present-access-token", aria.open(address))
    link = aria.page.locator('[data-action="open-bitbucket"]').first.get_attribute("href") or ""
    tab = aria.context.new_page()
    tab.goto(link)
    row = tab.locator("tr", has_text=story.tokens[name].label)
    row.locator('[data-action="revoke"]').click()
    # A tab that is closed while its form is on its way may never be closed.
    expect(row).to_have_count(0)
    tab.close()
    story.wait_for_state(_present(story, address, name), address, "revoked")


def _present(story: "Story", address: str, name: str) -> PersonAtBrowser:
    aria = story.person("aria").open(address)
    aria.page.locator('[name="secret"]').fill(story.tokens[name].secret)
    aria.page.locator('[data-action="present"]').click()
    aria.page.wait_for_load_state()
    return aria


def git_with(story: "Story", name: str) -> GitClient:
    """git with an access token."""
    secret = story.tokens[name].secret
    return GitClient(story.folder / f"git-{name}", story.stack.sandbox_url, secret, user=ACCESS_TOKEN_USER)


def status_of(story: "Story", name: str, path: str) -> int:
    """What the API answers an access token."""
    headers = {"Authorization": f"Bearer {story.tokens[name].secret}"}
    return requests.get(f"{story.stack.sandbox_url}/2.0/{path}", headers=headers, timeout=10).status_code


def emma_asks_for_the_build(story: "Story") -> None:
    """The adviser leads Emma from what a build does to "CI: check out and report"; she names machine and deputy."""
    began = time.monotonic()
    emma = story.person("emma").open("/advise/?used_by=machine&task=fetch&task=comment-pull-request")
    expect(emma.page.locator("[data-answer]")).to_have_attribute("data-answer", "repository_access_token")
    expect(emma.page.get_by_role("heading", name="CI: check out and report")).to_be_visible()
    form = emma.page.locator('[data-action="ask-template"]').get_attribute("href") or ""
    fields = {"reason": "Build every pull request of the web shop", "boundary": "acme/web"}
    story.addresses["build request"] = ask(story, form, **fields)
    story.heard["emma's seconds"] = str(time.monotonic() - began)


def aria_makes_the_token(story: "Story") -> None:
    """Aria approves and, as an admin of acme/web, makes it at Bitbucket and pastes it once; it opens acme/web alone."""
    began = time.monotonic()
    story.addresses["build token"] = make(story, story.addresses["build request"], "build")
    took = time.monotonic() - began + float(story.heard["emma's seconds"])
    assert took < PERSONS_MINUTES * 60, f"people needed {took:.0f} s"


def the_build_works(story: "Story") -> None:
    """The build clones and calls the API with it, and neither pushes nor opens another repository."""
    git = git_with(story, "build")
    cloned = git.clone("acme/web", "web")
    assert cloned.worked, cloned.said
    assert not git.clone("acme/api", "api").worked, "it opens another repository"
    assert not git.commit_and_push("web", "from the build\n").worked, "it pushes"
    assert status_of(story, "build", PULL_REQUESTS) == 200
    assert status_of(story, "build", "repositories/acme/api") != 200


def aria_ends_it_with_proof(story: "Story") -> None:
    """Emma ends it; no API can, so Aria deletes it at Bitbucket and pastes it once more: a 401 proves its end."""
    end(story, story.addresses["build token"], "build")
    assert not git_with(story, "build").clone("acme/web", "after").worked
    assert status_of(story, "build", PULL_REQUESTS) == 401


ACCESS_TOKEN = (emma_asks_for_the_build, aria_makes_the_token, the_build_works, aria_ends_it_with_proof)
