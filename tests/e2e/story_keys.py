"""The chapter of a cluster that reads manifests: a deploy key from the request to its own end."""

import time
from typing import TYPE_CHECKING, Any

import requests
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.e2e.story import Story

PERSONS_MINUTES, A_MINUTE = 3, 60
# The portal's clock is the database's: the approved end is moved there, and nothing else.
_END_IT = (
    "from tokens.models import Credential; from django.utils import timezone;"
    " print(Credential.objects.filter(pk={pk}).update(expires_at=timezone.now()))"
)


def keys_at_bitbucket(story: "Story") -> list[dict[str, Any]]:
    """The keys of acme/web that the portal added, as the sandbox holds them."""
    listed = requests.get(f"{story.stack.sandbox_url}/_sandbox/grants", timeout=10).json()["workspaces"]["acme"]
    keys: list[dict[str, Any]] = listed["repositories"]["web"]["deploy_keys"]
    return [one for one in keys if "bcp-" in one["label"]]


def emma_asks_for_the_cluster(story: "Story") -> None:
    """The adviser leads Emma to a deploy key; the cluster makes its pair, and she pastes the public half."""
    began = time.monotonic()
    emma = story.person("emma").open("/advise/?used_by=machine&task=fetch")
    expect(emma.page.locator("[data-answer]")).to_have_attribute("data-answer", "deploy_key")
    emma.open("/get-access/gitops-reader/?used_by=machine")
    machine = story.machine
    public = machine.make_pair(emma.page.locator(".copy-line code").first.inner_text())
    for name, value in (
        ("reason", "The staging cluster reads its manifests"),
        ("machine", "Staging cluster"),
        ("where_used", "eu-1"),
        ("boundary", "acme/web"),
        ("public_key", machine.key.read_text()),
        ("deputy", "aria@acme.test"),
        ("lifetime_days", "30"),
    ):
        emma.page.locator(f'[name="{name}"]').fill(value)
    emma.page.locator('[data-action="ask"]').click()
    expect(emma.page.locator(".field-wrong")).to_contain_text("private", ignore_case=True)
    assert machine.private_line not in emma.page.content(), "the private half is on the page"
    emma.page.locator('[name="public_key"]').fill(public)
    emma.page.locator('[data-action="ask"]').click()
    emma.page.wait_for_url("**/requests/bcp-*/")
    story.addresses["key request"] = emma.page.url.removeprefix(emma.portal)
    assert time.monotonic() - began < PERSONS_MINUTES * 60


def the_portal_adds_the_key(story: "Story") -> None:
    """Aria approves; the portal adds the key, reads the list again, and the cluster clones and cannot push."""
    aria = story.person("aria").open(story.addresses["key request"])
    expect(aria.page.get_by_text("SHA256:").first).to_be_visible()
    aria.page.locator('[data-action="approve"]').click()
    emma = story.person("emma").open(story.addresses["key request"])
    expect(emma.page.locator('[data-registration="registered"]')).to_be_visible(timeout=40_000)
    assert len(keys_at_bitbucket(story)) == 1
    emma.page.locator('[data-action="open-credential"]').click()
    emma.page.wait_for_url("**/credentials/*/")
    story.addresses["key"] = emma.page.url.removeprefix(emma.portal)
    if story.machine.ssh_url is None:
        print("         (no git over SSH on this computer: proven by the API alone)", flush=True)
        return
    cloned = story.machine.clone("acme/web", "web")
    assert cloned.worked, cloned.said
    other = story.machine.clone("acme/api", "api")
    assert not other.worked, "the key opens another repository"
    pushed = story.machine.push("web")
    assert not pushed.worked, "a deploy key pushes"


def its_end_comes(story: "Story") -> None:
    """The key's approved end comes."""
    pk = story.addresses["key"].strip("/").rsplit("/", 1)[1]
    moved = story.stack.manage("shell", "--command", _END_IT.format(pk=pk))
    assert moved.stdout.strip().endswith("1"), moved.stdout + moved.stderr


def the_key_is_gone(story: "Story") -> None:
    """By itself the portal has deleted the key and read the list again; the cluster clones no more."""
    emma = story.person("emma")
    # It looks once a minute.
    story.wait_for_state(emma, story.addresses["key"], "revoked", 2 * A_MINUTE)
    assert keys_at_bitbucket(story) == []
    expect(emma.page.get_by_text("List read again without it")).to_be_visible()
    if story.machine.ssh_url is not None:
        refused = story.machine.clone("acme/web", "after")
        assert not refused.worked, "a deleted key still clones"


KEYS = (emma_asks_for_the_cluster, the_portal_adds_the_key, its_end_comes)
