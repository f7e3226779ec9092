"""The chapter of the story in which everything that opens Bitbucket is looked at, not only what was asked for."""

from typing import TYPE_CHECKING, Any

import requests
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.e2e.story import Story

# A radar's slice of time while a create page is open, the read, and what follows from it.
RADAR_MS = 60_000
RUN_MS = 120_000
OUTSIDE, OLD, JIRA = "my own script", "forgotten laptop", "board import"


def lever(story: "Story", path: str, **body: Any) -> dict[str, Any]:
    """Pull one of the sandbox's levers."""
    answer = requests.post(f"{story.stack.sandbox_url}/_sandbox{path}", json=body, timeout=10)
    answer.raise_for_status()
    told: dict[str, Any] = answer.json() if answer.content else {}
    return told


def the_listing_tells_no_scopes(story: "Story") -> None:
    """The organisation's listing tells no scopes at first, as some do: the paste is the proof."""
    lever(story, "/switches", listing_carries_scopes=False)


def the_set_up_is_probed(story: "Story") -> None:
    """The listing begins to tell scopes; Ada has the set-up probed again, and the sheet says so."""
    lever(story, "/switches", listing_carries_scopes=True)
    ada = story.person("ada").open("/inventory/setup/")
    ada.page.get_by_role("button", name="Probe again").click()
    row = ada.page.get_by_role("row", name="See a token's scopes in the organisation's listing")

    def is_automatic() -> bool:
        ada.open("/inventory/setup/")
        return row.get_by_text("Automatic").count() > 0

    story.wait(is_automatic, "the set-up sheet says that listings tell scopes")


def everything_is_read(story: "Story") -> None:
    """Ada starts the first full run: it reads every grant and key, and says that nothing is left unread."""
    ada = story.person("ada").open("/inventory/")
    ada.page.get_by_role("button", name="Read everything now").click()
    expect(ada.page.locator("#live")).to_have_attribute("data-live-words", "Complete", timeout=RUN_MS)
    ada.open("/inventory/")
    expect(ada.page.get_by_text("Grants and keys were not read yet")).to_have_count(0)
    ada.open("/repositories/?q=acme/web")
    ada.page.get_by_role("link", name="acme/web", exact=True).click()
    expect(ada.page.get_by_text("Engineering").first).to_be_visible()


def the_radar_sees_what_is_made_outside(story: "Story") -> None:
    """While Emma's create page is open, a token Lee makes outside is seen with its holder; one for Jira never is."""
    emma = story.person("emma")
    code = emma.ask("Clone and pull", reason="A second machine", where="git on the desktop", days=20)
    walk = emma.walk(code)
    lever(story, "/tokens", account="lee", label=OUTSIDE, scopes=["read:repository", "write:repository"])
    lever(story, "/tokens", account="lee", label=JIRA, scopes=["read:jira-work"], raw=True)
    story.tokens["listed"] = emma.create_token(
        str(walk["link"]), name=str(walk["name"]), expiry=str(walk["expiry"]), scopes=list(walk["scopes"])
    )
    ada = story.person("ada")

    def seen() -> bool:
        ada.open("/findings/?person=lee")
        return ada.page.get_by_role("link", name=f"Nobody approved {OUTSIDE} here").count() > 0

    story.wait(seen, "the token made outside is a finding", seconds=RADAR_MS / 1000)
    row = ada.page.locator("table.findings tr", has_text=OUTSIDE)
    expect(row.get_by_role("link", name="Lee", exact=True)).to_be_visible()
    ada.open("/credentials/?q=" + JIRA.replace(" ", "+") + "&standing=other_product")
    expect(ada.page.locator("table").get_by_text(JIRA).first).to_be_visible()
    ada.open("/findings/?person=lee")
    expect(ada.page.locator("table.findings").get_by_text(JIRA)).to_have_count(0)
    emma.page.wait_for_url("**/credentials/*/use/", timeout=RADAR_MS)
    assert story.git("listed").clone("acme/web", "listed").worked


def differences_are_found(story: "Story") -> None:
    """The next run finds a credential that nobody uses and one whose holder has left, each with one next action."""
    made = lever(story, "/tokens", account="lee", label=OLD, scopes=["read:repository"], age_seconds=300 * 86400)
    lever(story, f"/tokens/{made['id']}", last_access_days=200)
    lever(story, "/tokens", account="member-3", label="left behind", scopes=["read:repository"], age_seconds=86400)
    lever(story, "/workspaces/acme/members/member-3", permission="none")
    ada = story.person("ada").open("/inventory/runs/")
    ada.page.get_by_role("button", name="Read the lists", exact=False).click()
    expect(ada.page.locator("#live")).to_have_attribute("data-live-words", "Complete", timeout=RUN_MS)
    ada.open("/findings/?kind=idle&person=lee")
    expect(ada.page.locator("table.findings").get_by_text("has not been used since", exact=False).first).to_be_visible()
    ada.open("/findings/?kind=orphaned&person=Member+3")
    expect(ada.page.locator("table.findings").get_by_role("link", name="Revoke", exact=False).first).to_be_visible()


def lee_says_what_they_are_for(story: "Story") -> None:
    """Lee says that the token made outside may go: it is deleted, re-read and gone, and its finding closes itself."""
    lee = story.person("lee").sign_in("/declare/")
    item = lee.page.locator("section.declare-item", has_text=OUTSIDE).first
    item.get_by_label("Delete it").check()
    lee.page.locator('[data-action="answer"]').click()
    ada = story.person("ada")

    def closed() -> bool:
        ada.open("/findings/?person=lee")
        return ada.page.locator("table.findings").get_by_text(OUTSIDE).count() == 0

    story.wait(closed, "the finding of the deleted token closes")
    ada.open("/credentials/?state=any&q=" + OUTSIDE.replace(" ", "+"))
    expect(ada.page.locator("table").get_by_text("Revoked").first).to_be_visible()


INVENTORY = (
    the_set_up_is_probed,
    everything_is_read,
    the_radar_sees_what_is_made_outside,
    differences_are_found,
    lee_says_what_they_are_for,
)
