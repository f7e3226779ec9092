"""The chapter of a build that checks out and reports: an access token from the adviser to the proof of its end."""

import time
from typing import TYPE_CHECKING

import requests
from playwright.sync_api import expect

from tests.e2e.git_client import ACCESS_TOKEN_USER, GitClient

if TYPE_CHECKING:
    from tests.e2e.story import Story

PERSONS_MINUTES = 3


def emma_asks_for_the_build(story: "Story") -> None:
    """The adviser leads Emma from what a build does to "CI: check out and report"; she names machine and deputy."""
    began = time.monotonic()
    emma = story.person("emma").open("/advise/?used_by=machine&task=fetch&task=comment-pull-request")
    expect(emma.page.locator("[data-answer]")).to_have_attribute("data-answer", "repository_access_token")
    expect(emma.page.get_by_role("heading", name="CI: check out and report")).to_be_visible()
    emma.page.locator('[data-action="ask-template"]').click()
    for name, value in (
        ("reason", "Build every pull request of the web shop"),
        ("machine", "Jenkins"),
        ("where_used", "build-01"),
        ("boundary", "acme/web"),
        ("deputy", "aria@acme.test"),
        ("lifetime_days", "90"),
    ):
        emma.page.locator(f'[name="{name}"]').fill(value)
    emma.page.locator('[data-action="ask"]').click()
    emma.page.wait_for_url("**/requests/bcp-*/")
    story.addresses["build request"] = emma.page.url.removeprefix(emma.portal)
    story.heard["emma's seconds"] = str(time.monotonic() - began)


def aria_makes_the_token(story: "Story") -> None:
    """Aria approves and, as an admin of acme/web, makes it at Bitbucket and pastes it once; it opens acme/web alone."""
    began = time.monotonic()
    aria = story.person("aria").open(story.addresses["build request"])
    aria.page.locator('[data-action="approve"]').click()
    aria.page.locator('[data-action="create"]').click(timeout=30_000)
    story.moment("make-access-token", aria)
    walk = aria.page.locator("[data-machine-walk]")
    name = walk.locator(".copy-line code").inner_text()
    end = walk.locator("[data-until]").get_attribute("data-until") or ""
    scopes = walk.locator("[data-classic-scope]").all_inner_texts()
    link = walk.locator('[data-action="open-bitbucket"]').get_attribute("href") or ""
    token = aria.create_token(link, name=name, expiry=end, scopes=scopes)
    story.tokens["build"] = token
    aria.page.locator('[name="expires_on"]').fill(end)
    aria.page.locator('[name="secret"]').fill(token.secret)
    aria.page.locator('[data-action="check"]').click()
    expect(aria.page.locator("#live")).to_have_attribute("data-outcome", "exact")
    use = aria.page.locator('[data-action="use"]').get_attribute("href") or ""
    story.addresses["build token"] = use.removesuffix("use/")
    assert token.secret not in aria.page.content()
    took = time.monotonic() - began + float(story.heard["emma's seconds"])
    assert took < PERSONS_MINUTES * 60, f"people needed {took:.0f} s"


def the_build_works(story: "Story") -> None:
    """The build clones and calls the API with it, and neither pushes nor opens another repository."""
    git = _git(story)
    cloned = git.clone("acme/web", "web")
    assert cloned.worked, cloned.said
    assert not git.clone("acme/api", "api").worked, "it opens another repository"
    assert not git.commit_and_push("web", "from the build\n").worked, "it pushes"
    assert _calls(story, "acme/web/pullrequests") == 200
    assert _calls(story, "acme/api") != 200


def aria_ends_it_with_proof(story: "Story") -> None:
    """Emma ends it; no API can, so Aria deletes it at Bitbucket and pastes it once more: a 401 proves its end."""
    address = story.addresses["build token"]
    emma = story.person("emma").open(address)
    emma.page.get_by_role("button", name="Revoke it").click()
    dialog = emma.page.locator("dialog#revoke")
    dialog.locator('[name="reason"]').fill("The build moves to another system")
    dialog.get_by_role("button", name="Have it deleted").click()
    emma.page.wait_for_load_state()
    aria, secret = story.person("aria").open(address), story.tokens["build"].secret
    aria.page.locator('[name="secret"]').fill(secret)
    aria.page.locator('[data-action="present"]').click()
    expect(aria.page.get_by_text("still works").first).to_be_visible()
    story.moment("present-access-token", aria.open(address))
    link = aria.page.locator('[data-action="open-bitbucket"]').first.get_attribute("href") or ""
    tab = aria.context.new_page()
    tab.goto(link)
    tab.locator("tr", has_text=story.tokens["build"].label).locator('[data-action="revoke"]').click()
    tab.close()
    aria.open(address)
    aria.page.locator('[name="secret"]').fill(secret)
    aria.page.locator('[data-action="present"]').click()
    story.wait_for_state(aria, address, "revoked")
    assert not _git(story).clone("acme/web", "after").worked
    assert _calls(story, "acme/web/pullrequests") == 401


def _git(story: "Story") -> GitClient:
    home, secret = story.folder / "git-build", story.tokens["build"].secret
    return GitClient(home, story.stack.sandbox_url, secret, user=ACCESS_TOKEN_USER)


def _calls(story: "Story", path: str) -> int:
    headers = {"Authorization": f"Bearer {story.tokens['build'].secret}"}
    url = f"{story.stack.sandbox_url}/2.0/repositories/{path}"
    return requests.get(url, headers=headers, timeout=10).status_code


ACCESS_TOKEN = (emma_asks_for_the_build, aria_makes_the_token, the_build_works, aria_ends_it_with_proof)
