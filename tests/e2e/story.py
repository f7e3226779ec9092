"""The whole story, step by step, on real parts. Each step either holds or stops the story with what was seen."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from devstack.stack import Stack
from tests.e2e.git_client import GitClient
from tests.e2e.leaks import places_with
from tests.e2e.machine_key import Machine
from tests.e2e.people import PersonAtBrowser, Token
from tests.e2e.story_access_token import ACCESS_TOKEN
from tests.e2e.story_advice import ADVICE
from tests.e2e.story_inventory import INVENTORY, the_listing_tells_no_scopes
from tests.e2e.story_keys import KEYS, the_key_is_gone
from tests.e2e.story_leaving import LEAVING
from tests.e2e.story_service_tokens import ada_lets_hr_in

PATIENCE_SECONDS = 40


def path_of(person: PersonAtBrowser) -> str:
    """The path of the page that somebody looks at."""
    return person.page.url.removeprefix(person.portal)


def wait_until(holds: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait for something that a job does.

    Raises:
        AssertionError: it did not happen in time.
    """
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, f"did not happen in {seconds} s: {what}"
        time.sleep(0.5)


class Story:
    """Everybody in it, and what they have obtained so far."""

    def __init__(self, stack: Stack, browser: Browser, folder: Path) -> None:
        self.stack, self.browser, self.folder = stack, browser, folder
        self.pictures = Path(os.environ.get("STORY_PICTURES") or folder)
        self.people: dict[str, PersonAtBrowser] = {}
        self.tokens: dict[str, Token] = {}
        self.addresses: dict[str, str] = {}
        self.heard: dict[str, str] = {}
        self.machine = Machine(folder / "cluster", stack.ssh_url)
        self.told = 0
        # What to do at a page that is there only while the story is told; the name is one of `pages.MOMENTS`.
        self.at_moment: Callable[[str, PersonAtBrowser], None] = lambda name, person: None
        self._moments: set[str] = set()

    def tell(self) -> None:
        """Tell all steps in order."""
        for step in STEPS:
            with self._step((step.__doc__ or step.__name__).strip()):
                step(self)

    @contextmanager
    def _step(self, words: str) -> Iterator[None]:
        self.told += 1
        started = time.monotonic()
        try:
            yield
        except BaseException:
            for key, person in self.people.items():
                person.picture(self.pictures, key)
            print(f"  FAILED {self.told:2}. {words}", flush=True)
            raise
        print(f"  held   {self.told:2}. {words} ({time.monotonic() - started:.1f} s)", flush=True)

    def moment(self, name: str, person: PersonAtBrowser) -> None:
        """Look at a page that will not be there later; the first time that it is seen."""
        if name not in self._moments:
            self._moments.add(name)
            self.at_moment(name, person)

    def person(self, key: str) -> PersonAtBrowser:
        """Somebody with a browser of their own, not signed in yet."""
        if key not in self.people:
            self.people[key] = PersonAtBrowser(
                self.browser, key, portal=self.stack.portal_url, sandbox=self.stack.sandbox_url
            )
        return self.people[key]

    def wait(self, holds: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait for something that a job does; see `wait_until`."""
        wait_until(holds, what, seconds)

    def git(self, name: str) -> GitClient:
        """git with one of the tokens."""
        return GitClient(self.folder / f"git-{name}", self.stack.sandbox_url, self.tokens[name].secret)

    def wait_for_state(
        self, person: PersonAtBrowser, address: str, state: str, seconds: float = PATIENCE_SECONDS
    ) -> None:
        """Look at a credential's page until it says so."""

        def says() -> bool:
            person.open(address)
            return person.page.locator("#live").get_attribute("data-state") == state

        wait_until(says, f"{address} becomes {state}", seconds)

    def wait_for_binding(self, person: PersonAtBrowser) -> str:
        """Wait on the page of a check until the credential is bound; returns the credential's address."""
        expect(person.page.locator('[data-binding="bound"]')).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
        href = person.page.locator('[data-action="use"]').get_attribute("href") or ""
        return href.removesuffix("use/")


def emma_signs_in(story: Story) -> None:
    """Emma signs in with Bitbucket and sees "Get access"."""
    emma = story.person("emma").sign_in()
    expect(emma.page.get_by_role("link", name="Get access").first).to_be_visible()


def ada_names_aria(story: Story) -> None:
    """Ada signs in without a seat and names Aria as an approver."""
    story.person("aria").sign_in()
    ada = story.person("ada").sign_in("/approvers/")
    ada.open("/approvers/?q=aria")
    ada.page.locator("form", has=ada.page.get_by_role("button", name="Name")).first.get_by_role("button").click()
    story.person("aria").open("/approvals/")
    expect(story.person("aria").page.get_by_role("heading", name="Approvals", level=1)).to_be_visible()


def emma_asks(story: Story) -> None:
    """Emma asks for "Clone and pull"; the rule approves at once; the page counts what she reaches."""
    emma = story.person("emma")
    code = emma.ask("Clone and pull", reason="Work on the web shop", where="git on my laptop", days=60)
    story.addresses["clone request"] = code
    expect(emma.page.locator('[data-action="create"]')).to_be_visible()

    def counted() -> bool:
        emma.open(f"/requests/{code}/")
        return "214 to read" in emma.page.locator("[data-reach]").inner_text()

    wait_until(counted, "the reach is counted: 214 to read")


def emma_creates_and_pastes(story: Story) -> None:
    """Emma creates the token at Atlassian, pastes it once: exact, registered, bound by its code."""
    emma = story.person("emma")
    code = story.addresses["clone request"]
    walk = emma.walk(code)
    assert str(walk["name"]).startswith(code), walk["name"]
    assert walk["scopes"] == ["read:repository:bitbucket"], walk["scopes"]
    assert "selectedScopes" not in walk["link"], walk["link"]
    story.tokens["clone"], outcome = emma.obtain(code)
    assert outcome == "exact", outcome
    story.addresses["exact check"] = path_of(emma)
    story.addresses["clone"] = story.wait_for_binding(emma)


def emma_clones(story: Story) -> None:
    """A real git clone works with it, and git push is refused for lack of scope."""
    git = story.git("clone")
    cloned = git.clone("acme/web", "web")
    assert cloned.worked, cloned.said
    pushed = git.commit_and_push("web", "no right to push\n")
    assert not pushed.worked, "the push went through"
    assert "403" in pushed.said, pushed.said
    story.heard["refused push"] = pushed.said


def what_is_no_api_token_goes_nowhere(story: Story) -> None:
    """An account password, an app password and an access token are told what they are and sent nowhere."""
    emma = story.person("emma")
    code = emma.ask("Clone and pull", reason="A second machine", where="the desktop", days=30)
    story.addresses["second request"] = code
    for text in ("correct horse battery", "ATBBnot4realAppPassw0rd", "ATCTT3xFfGN0notRealAccessTok3n"):
        assert emma.paste(code, text) == "", text
        expect(emma.page.get_by_text("This was not sent anywhere")).to_be_visible()


def too_broad_is_refused_and_not_forgotten(story: Story) -> None:
    """A broader token is refused, stays as a finding, and is deleted for her: re-read and gone."""
    emma = story.person("emma")
    code = story.addresses["second request"]
    story.tokens["broad"], outcome = emma.obtain(code, extra_scopes=("write:repository:bitbucket",))
    assert outcome == "excess", outcome
    expect(emma.page.get_by_text("write:repository").first).to_be_visible()
    story.addresses["refused check"] = path_of(emma)
    address = emma.page.locator('[data-action="delete-refused"]').get_attribute("href") or ""
    ada = story.person("ada").open("/findings/")
    expect(ada.page.get_by_text("Refused, still alive").first).to_be_visible()

    def bound() -> bool:
        emma.open(address)
        return emma.page.locator("#live").get_attribute("data-binding") == "bound"

    wait_until(bound, "the refused token is found in the listing")
    revoke(emma, "Too broad")
    story.wait_for_state(emma, address, "revoked")
    assert not story.git("broad").clone("acme/web", "web").worked
    ada.open("/findings/")
    expect(ada.page.locator("table.findings").get_by_text("Refused, still alive")).to_have_count(0)


def revoke(person: PersonAtBrowser, reason: str) -> None:
    """Open the dialog on a credential's page and confirm."""
    person.page.get_by_role("button", name="Revoke it", exact=False).first.click()
    dialog = person.page.locator("dialog#revoke")
    dialog.locator('[name="reason"]').fill(reason)
    dialog.get_by_role("button", name="Revoke").click()
    person.page.wait_for_load_state()


def smaller_is_registered_on_a_click(story: Story) -> None:
    """A token that can do less says what will not work, and is registered on her click; with it the push works."""
    emma = story.person("emma")
    code = emma.ask("Clone, pull and push", reason="Fix the checkout", where="git on my laptop", days=30)
    walk = emma.walk(code)
    token = emma.create_token(
        str(walk["link"]), name=str(walk["name"]), expiry=str(walk["expiry"]), scopes=["read:repository:bitbucket"]
    )
    story.tokens["half"] = token
    assert emma.paste(code, token.secret) == "missing"
    emma.page.locator('[data-action="accept"]').click()
    story.addresses["half"] = story.wait_for_binding(emma)


def emma_pushes(story: Story) -> None:
    """With "Clone, pull and push" a real push works."""
    emma = story.person("emma")
    code = emma.ask("Clone, pull and push", reason="Fix the checkout for good", where="git on my laptop", days=30)
    story.tokens["push"], outcome = emma.obtain(code)
    assert outcome == "exact", outcome
    story.addresses["push"] = story.wait_for_binding(emma)
    git = story.git("push")
    cloned = git.clone("acme/web", "web")
    assert cloned.worked, cloned.said
    pushed = git.commit_and_push("web", "a real change\n")
    assert pushed.worked, pushed.said


def aria_approves(story: Story) -> None:
    """A request that needs a person mails Aria; she approves; the listing proves whose the token is."""
    emma, aria = story.person("emma"), story.person("aria")
    code = emma.ask("Manage webhooks", reason="Hook up the build server", where="a script of mine", days=7)
    expect(emma.page.get_by_text("Waiting for a decision").first).to_be_visible()
    wait_until(lambda: _mailed(story, code), "a mail about the request goes out")
    aria.open(f"/requests/{code}/")
    aria.page.locator('[data-action="approve"]').click()
    expect(aria.page.get_by_text("Your yes is recorded.")).to_be_visible()
    walk = emma.walk(code)
    token = emma.create_token(
        str(walk["link"]), name=str(walk["name"]), expiry=str(walk["expiry"]), scopes=list(walk["scopes"])
    )
    story.tokens["webhooks"] = token
    assert emma.paste(code, token.secret) == "exact"
    story.addresses["webhooks"] = story.wait_for_binding(emma)
    emma.open(story.addresses["webhooks"])
    expect(emma.page.get_by_text("The organisation's listing names the holder").first).to_be_visible()


def _mailed(story: Story, code: str) -> bool:
    return any(f"/requests/{code}/" in path.read_text(errors="replace") for path in story.stack.mail.glob("*"))


def one_more_waits(story: Story) -> None:
    """Another request waits for Aria: she sees what Emma holds; Emma cannot decide about her own."""
    emma, aria = story.person("emma"), story.person("aria")
    code = emma.ask("Manage webhooks", reason="A second hook", where="the build server", days=7)
    story.addresses["waiting request"] = code
    expect(emma.page.locator('[data-action="approve"]')).to_have_count(0)
    aria.open(f"/requests/{code}/")
    expect(aria.page.get_by_text("What Emma holds now")).to_be_visible()
    ada = story.person("ada").open("/people/?q=emma")
    story.addresses["emma's page"] = ada.page.locator("table a", has_text="Emma").first.get_attribute("href") or ""


def emma_loses_it(story: Story) -> None:
    """Emma lost the push token: it is revoked, and the same grant opens again once it is proven gone."""
    emma = story.person("emma").open(story.addresses["push"])
    emma.page.get_by_role("button", name="I lost it").click()
    emma.page.locator("dialog#lost").get_by_role("button", name="Revoke it and start again").click()
    emma.page.wait_for_url("**/requests/bcp-*/")
    address = emma.page.url

    def opened() -> bool:
        emma.page.goto(address)
        return emma.page.locator('[data-action="create"]').count() == 1

    wait_until(opened, "the grant opens again")
    story.addresses["open request"] = address.rstrip("/").rsplit("/", 1)[1]
    story.wait_for_state(emma, story.addresses["push"], "revoked")
    assert not story.git("push").clone("acme/web", "again").worked


def ada_revokes(story: Story) -> None:
    """Ada revokes Emma's credential; the page shows it happen; Emma's next clone is refused."""
    ada = story.person("ada").open(story.addresses["clone"])
    revoke(ada, "The project is over")
    expect(ada.page.locator('#live[data-state="revoked"]')).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
    refused = story.git("clone").clone("acme/web", "after")
    assert not refused.worked, "the revoked token still clones"
    assert "Authentication failed" in refused.said, refused.said


def otto_only_looks(story: Story) -> None:
    """Otto signs in without a seat, sees everything and can change nothing."""
    otto = story.person("otto").sign_in("/credentials/?state=any")
    expect(otto.page.locator("table").get_by_text("Revoked").first).to_be_visible()
    otto.open(story.addresses["webhooks"])
    expect(otto.page.get_by_role("button", name="Revoke it", exact=False)).to_have_count(0)
    otto.open("/trail/")
    expect(otto.page.get_by_role("heading", name="Trail", level=1)).to_be_visible()
    answer = otto.page.goto(otto.portal + "/get-access/")
    assert answer is not None
    assert answer.status == 403, answer.status


def sam_is_turned_away(story: Story) -> None:
    """Sam is no member and is turned away with a sentence that says why."""
    sam = story.person("sam").sign_in()
    expect(sam.page.get_by_text("member", exact=False).first).to_be_visible()
    answer = sam.page.goto(sam.portal + "/get-access/")
    assert answer is not None
    assert "/signin/" in sam.page.url, sam.page.url


def no_secret_anywhere(story: Story) -> None:
    """No token is in the database, in Redis, in a log or in a mail; no page threw an error."""
    secrets = [*(token.secret for token in story.tokens.values()), story.machine.private_line]
    folders = [story.stack.state.logs, story.stack.mail]
    assert places_with(secrets, values=story.stack.values, folders=folders) == []
    # The search can find something: a word that is surely there.
    assert places_with(["bcp-"], values=story.stack.values, folders=folders)
    problems = {key: person.problems for key, person in story.people.items() if person.problems}
    assert not problems, problems


STEPS: tuple[Callable[[Story], None], ...] = (
    the_listing_tells_no_scopes,
    emma_signs_in,
    ada_names_aria,
    emma_asks,
    emma_creates_and_pastes,
    emma_clones,
    what_is_no_api_token_goes_nowhere,
    too_broad_is_refused_and_not_forgotten,
    emma_pushes,
    aria_approves,
    smaller_is_registered_on_a_click,
    one_more_waits,
    *ADVICE,
    emma_loses_it,
    ada_revokes,
    otto_only_looks,
    sam_is_turned_away,
    *INVENTORY,
    *KEYS,
    *ACCESS_TOKEN,
    the_key_is_gone,
    ada_lets_hr_in,
    *LEAVING,
    no_secret_anywhere,
)


@contextmanager
def beginning(stack: Stack) -> Iterator[Story]:
    """A story that is not told yet, with a browser of its own; both are gone afterwards."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(prefix="story-") as folder:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM") or None)
        try:
            yield Story(stack, browser, Path(folder))
        finally:
            browser.close()


def main(stack: Stack) -> int:
    """Tell the story against a running stack; 0 only if every step held."""
    started = time.monotonic()
    with beginning(stack) as story:
        try:
            story.tell()
        except (AssertionError, PlaywrightError) as problem:
            print(f"The story stops here: {problem}", file=sys.stderr, flush=True)
            return 1
    print(f"All {story.told} steps held in {time.monotonic() - started:.0f} s.", flush=True)
    return 0
