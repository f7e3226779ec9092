"""The chapter in which Lee leaves: cut, cleaned up, handed over, and proven by a pack that proves itself."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests
from playwright.sync_api import expect

from devstack.environment import environment_of
from devstack.home import CHECKOUT
from tests.e2e.people import PersonAtBrowser

if TYPE_CHECKING:
    from tests.e2e.story import Story

TOKENS_GONE_SECONDS, ACCOUNT_OFF_SECONDS = 3.0, 5.0
LONG_SECONDS = 90.0
VERIFIER = CHECKOUT / "audit" / "verifier.py"
_KINDS_OF_LEE = ("API tokens", "SSH keys", "Deploy keys", "Webhooks", "App passwords")


def account(story: "Story", key: str) -> dict[str, Any]:
    """One of the sandbox's people, as it stands now."""
    people = requests.get(f"{story.stack.sandbox_url}/_sandbox/world", timeout=10).json()["people"]
    return next(one for one in people if one["key"] == key)


def plan_as_json(story: "Story") -> dict[str, Any]:
    """What the command line says of Lee's plan."""
    lee, ada = (account(story, key)["account_id"] for key in ("lee", "ada"))
    done = story.stack.manage("offboard", lee, "--as", ada, "--json")
    assert done.returncode == 0, done.stderr[-500:]
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def lee_works(story: "Story") -> None:
    """Lee gets a token as everybody does, and clones, pushes and calls the API with it."""
    lee = story.person("lee")
    code = lee.ask("Clone, pull and push", reason="Daily work", where="git on my laptop", days=30)
    walk = lee.walk(code)
    story.tokens["lee"] = lee.create_token(
        str(walk["link"]), name=str(walk["name"]), expiry=str(walk["expiry"]), scopes=list(walk["scopes"])
    )
    lee.page.wait_for_url("**/credentials/*/use/", timeout=60_000)
    git = story.git("lee")
    cloned = git.clone("acme/web", "web")
    assert cloned.worked, cloned.said
    pushed = git.commit_and_push("web", "Lee's last change\n")
    assert pushed.worked, pushed.said
    assert _calls(story).status_code == 200


def _calls(story: "Story") -> requests.Response:
    secret = story.tokens["lee"].secret
    url = f"{story.stack.sandbox_url}/2.0/repositories/acme/web"
    return requests.get(url, auth=(account(story, "lee")["email"], secret), timeout=10)


def ada_plans(story: "Story") -> None:
    """Ada plans it on Lee's page: the draft shows what would break and rehearses, and takes nothing away."""
    ada = story.person("ada").open(f"/people/{account(story, 'lee')['account_id']}/")
    ada.page.get_by_role("link", name="Offboard", exact=True).click()
    ada.page.locator('[name="reference"]').fill("HR-1207")
    ada.page.locator('[name="leaves_at"]').fill(f"{datetime.now():%Y-%m-%dT%H:%M}")  # noqa: DTZ005 - the browser's own
    ada.page.locator('[data-action="plan"]').click()
    ada.page.wait_for_url("**/offboardings/*/")
    story.addresses["plan"] = ada.page.url.removeprefix(ada.portal)

    def read() -> bool:
        ada.open(story.addresses["plan"])
        return ada.page.get_by_text("Still reading").count() == 0

    story.wait(read, "what breaks and the rehearsal are read", LONG_SECONDS)
    expect(ada.page.get_by_text("reviewer", exact=False).first).to_be_visible()
    expect(ada.page.get_by_text("nothing was changed", exact=False)).to_be_visible()
    story.moment("offboarding-draft", ada)
    assert _calls(story).status_code == 200, "a draft took something away"


def ada_cuts(story: "Story") -> None:
    """Ada cuts: the last token is gone within 3 seconds, the account off within 5; git, REST and sign-in fail."""
    ada = story.person("ada").open(story.addresses["plan"])
    ada.page.get_by_role("button", name="Cut now").first.click()
    ada.page.locator("dialog#cut").get_by_role("button", name="Cut now").click()
    ada.page.wait_for_load_state()
    story.wait(lambda: not account(story, "lee")["active"], "the account is off")

    def is_cut() -> bool:
        kinds = ("delete_tokens", "switch_off", "delete_late_tokens")
        return all(step["verdict"] == "proven" for step in plan_as_json(story)["steps"] if step["kind"] in kinds)

    story.wait(is_cut, "the cut is proven")
    told = plan_as_json(story)
    for kind, budget in (("delete_tokens", TOKENS_GONE_SECONDS), ("switch_off", ACCOUNT_OFF_SECONDS)):
        took = _seconds_to_proof(told, kind)
        assert took <= budget, f"{kind} was proven after {took:.1f} s, the budget is {budget:g} s"
    refused = story.git("lee").clone("acme/web", "after")
    assert not refused.worked, "a leaver's token still clones"
    pushed = story.git("lee").commit_and_push("web", "one more\n")
    assert not pushed.worked, "a leaver's token still pushes"
    assert _calls(story).status_code == 401
    lee = story.person("lee").open("/")
    assert "/signin/" in lee.page.url, lee.page.url


def _seconds_to_proof(told: dict[str, Any], kind: str) -> float:
    step = next(one for one in told["steps"] if one["kind"] == kind)
    proof = max(one["at"] for one in step["evidence"] if one["proves"])
    began = datetime.fromisoformat(told["started_at"])
    return (datetime.fromisoformat(proof) - began).total_seconds()


def grants_are_removed(story: "Story") -> None:
    """Every grant by name is removed and every place read again, while the page shows it."""

    def clean() -> bool:
        steps = plan_as_json(story)["steps"]
        proofs = [step for step in steps if step["kind"] == "prove_rights"]
        return bool(proofs) and all(step["verdict"] for step in proofs)

    story.wait(clean, "the clean-up is proven", LONG_SECONDS)
    grants = requests.get(f"{story.stack.sandbox_url}/_sandbox/grants", timeout=10).json()["workspaces"]["acme"]
    lee = account(story, "lee")["account_id"]
    left = [name for kind in ("repositories", "projects") for name, one in grants[kind].items() if lee in one["users"]]
    assert left == []
    ada = story.person("ada").open(story.addresses["plan"])
    expect(ada.page.get_by_role("heading", name="Clean up")).to_be_visible()
    story.moment("offboarding-started", ada)


def people_do_their_part(story: "Story") -> None:
    """Ada decides about the deploy keys and hands over; what is of high risk takes Max's word as well."""
    _take_seat(story)
    ada, second = story.person("ada"), story.person("max").sign_in()
    _look_at_tasks(story, ada)

    def everything_is_closed() -> bool:
        if is_completed(story):
            return True
        for step in plan_as_json(story)["steps"]:
            if not step["verdict"] and step["state"] in ("needs_human", "waiting", "queued"):
                _close(story, ada, second, step)
        return False

    try:
        story.wait(everything_is_closed, "the plan is completed", LONG_SECONDS * 2)
    except AssertionError as late:
        open_ones = [step for step in plan_as_json(story)["steps"] if not step["verdict"]]
        left = "; ".join(f"{one['title']} ({one['state']}: {one['reason']})" for one in open_ones)
        raise AssertionError(f"{late}; open: {left}") from late


def _look_at_tasks(story: "Story", ada: PersonAtBrowser) -> None:
    """The pages of a decision, of the rotate list, and of a task as whoever has it sees it."""
    steps = plan_as_json(story)["steps"]
    story.addresses["closed step"] = _step_address(story, next(one for one in steps if one["kind"] == "delete_tokens"))
    for kind, name in (("deploy_key", "offboarding-key"), ("rotate", "offboarding-rotate")):
        step = next(one for one in steps if one["kind"] == kind and not one["verdict"])
        story.moment(name, ada.open(_step_address(story, step)))
        if kind == "rotate":
            story.moment("task", ada.open(f"/tasks/{step['id']}/"))


def _step_address(story: "Story", step: dict[str, Any]) -> str:
    return f"{story.addresses['plan']}steps/{step['id']}/"


def _take_seat(story: "Story") -> None:
    url = f"{story.stack.sandbox_url}/_sandbox/workspaces/acme/members/lee"
    requests.post(url, json={"permission": "none"}, timeout=10).raise_for_status()


def is_completed(story: "Story") -> bool:
    """Whether the plan's page says that it is completed."""
    ada = story.person("ada").open(story.addresses["plan"])
    return ada.page.get_by_role("heading", name="Coverage statement").count() == 1


def _close(story: "Story", ada: PersonAtBrowser, second: PersonAtBrowser, step: dict[str, Any]) -> None:
    address = _step_address(story, step)
    page = ada.open(address).page
    while page.locator('[data-action="rotated"]').count():
        page.locator("article", has=page.locator('[data-action="rotated"]')).first.locator("summary").first.click()
        page.locator('[name="words"]:visible').first.fill("New values in the vault, today")
        page.locator('[data-action="rotated"]:visible').first.click()
        page.wait_for_load_state()
    if page.locator('[data-action="decide"]').count():
        page.locator('[name="decision"][value="delete"]').check()
        page.locator('[name="because"]').first.fill("The machine is switched off")
        page.locator('[data-action="decide"]').click()
        page.wait_for_load_state()
    elif page.locator('[data-action="attest"]').count() and step["kind"] != "membership":
        page.locator('[name="words"]:visible').first.fill("Done with the team, see HR-1207")
        page.locator('[data-action="attest"]').click()
        page.wait_for_load_state()
    elif page.locator('[data-action="retry"]').count():
        page.locator('[data-action="retry"]').click()
        page.wait_for_load_state()
    _confirm(story, second, address)


def _confirm(story: "Story", second: PersonAtBrowser, address: str) -> None:
    page = second.open(address).page
    if page.locator('[data-action="confirm"]').count():
        story.moment("offboarding-confirm", second)
        page.locator('[data-action="confirm"]').first.click()
        page.wait_for_load_state()


def the_statement_is_complete(story: "Story") -> None:
    """The coverage statement names every kind and calls nothing proven that nobody read; what cannot be says why."""
    ada = story.person("ada").open(story.addresses["plan"])
    table = ada.page.locator("table.coverage")
    for kind in _KINDS_OF_LEE:
        expect(table.get_by_role("rowheader", name=kind, exact=False).first).to_be_visible()
    row = table.locator("tr", has=ada.page.get_by_role("rowheader", name="SSH keys", exact=False)).first
    expect(row.get_by_text("Disabled").first).to_be_visible()
    open_ones = table.locator("tbody tr", has=ada.page.get_by_text("Open", exact=True))
    assert open_ones.count() == 1, table.inner_text()
    expect(open_ones.get_by_role("rowheader", name="Later looks", exact=False)).to_be_visible()
    report = ada.context.request.get(f"{ada.portal}{story.addresses['plan']}report.pdf")
    assert report.ok
    assert report.body().startswith(b"%PDF")


def the_pack_proves_itself(story: "Story") -> None:
    """The signed pack is verified by the stand-alone file with the worker's public key; one flipped byte does not."""
    ada = story.person("ada").open(story.addresses["plan"])
    ada.page.get_by_role("button", name="Make a signed evidence pack").click()
    link = ada.page.locator("#report table a", has_text="Download").first

    def made() -> bool:
        ada.open(story.addresses["plan"])
        return link.count() > 0

    story.wait(made, "the pack is made", LONG_SECONDS)
    answer = ada.context.request.get(ada.portal + (link.get_attribute("href") or ""))
    assert answer.ok
    pack, key = story.folder / "plan.zip", story.folder / "key.txt"
    pack.write_bytes(answer.body())
    key.write_text(_public_key(story))
    verified = _verified(story.folder, pack, key)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    content = bytearray(answer.body())
    with zipfile.ZipFile(io.BytesIO(answer.body())) as opened:
        info = opened.getinfo(next(name for name in opened.namelist() if name.endswith("steps.jsonl")))
    content[info.header_offset + 30 + len(info.filename) + 5] ^= 1
    pack.write_bytes(bytes(content))
    assert _verified(story.folder, pack, key).returncode == 1


def _public_key(story: "Story") -> str:
    environment = environment_of("worker", story.stack.values)
    command = [sys.executable, "manage.py", "signing_key"]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def _verified(folder: Path, pack: Path, key: Path) -> "subprocess.CompletedProcess[str]":
    alone = folder / "verify.py"
    alone.write_bytes(VERIFIER.read_bytes())
    command = [sys.executable, "-I", "-S", str(alone), str(pack), "--key", str(key)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def lee_stays_out(story: "Story") -> None:
    """Lee cannot sign in any more, neither at Bitbucket nor here."""
    lee = story.person("lee")
    lee.page.goto(lee.portal + "/")
    lee.page.get_by_role("button", name="Sign in with Bitbucket").click()
    lee.page.wait_for_load_state()
    persona = lee.page.locator('[data-persona="lee"]')
    if persona.count() and persona.is_enabled():
        persona.click()
        lee.page.wait_for_load_state()
    grant = lee.page.locator('[data-action="grant"]')
    if grant.count():
        grant.click()
        lee.page.wait_for_load_state()
    answer = lee.page.goto(lee.portal + "/get-access/")
    assert answer is not None
    assert "/signin/" in lee.page.url, lee.page.url


def an_hour_passes(story: "Story") -> None:
    """An hour passes for Bitbucket's limits, which the inventory run had nearly spent."""
    requests.delete(f"{story.stack.sandbox_url}/_sandbox/requests", timeout=10).raise_for_status()


LEAVING = (
    an_hour_passes,
    lee_works,
    ada_plans,
    ada_cuts,
    grants_are_removed,
    people_do_their_part,
    the_statement_is_complete,
    the_pack_proves_itself,
    lee_stays_out,
)
