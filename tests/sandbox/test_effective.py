"""Effective rights against a slow reading of the truth, while everything changes."""

import random
from typing import Any

import pytest

from sandbox.server import start
from tests.sandbox.helper import Caller

STRENGTH = {"none": 0, "read": 1, "write": 2, "create-repo": 2, "admin": 3}
NAMES = {0: "none", 1: "read", 2: "write", 3: "admin"}


def read_slowly(space: dict[str, Any], account_id: str) -> dict[str, str]:
    """What follows from the truth for one person, by looking at every row."""
    if account_id not in space["members"]:
        return {}
    if space["members"][account_id] == "owner":
        return dict.fromkeys(space["repositories"], "admin")
    groups = [slug for slug, one in space["groups"].items() if account_id in one["members"]]
    found = {}
    for slug, one in space["repositories"].items():
        rows = [one, space["projects"][one["project"]]]
        given = [row["users"].get(account_id, "none") for row in rows]
        given += [row["groups"].get(group, "none") for row in rows for group in groups]
        best = max(STRENGTH[right] for right in given)
        if best:
            found[slug] = NAMES[best]
    return found


def change(caller: Caller, dice: random.Random) -> None:
    """Pull one lever or another."""
    person, group = dice.choice(("emma", "lee", "member-2", "sam")), dice.choice(("engineering", "contractors"))
    slug, project = f"service-{dice.randint(21, 30):03d}", dice.choice(("PROD", "LABS"))
    here, acme = dice.choice(("read", "write", "admin", "none")), "/workspaces/acme"
    there = dice.choice(("read", "write", "create-repo", "admin", "none"))
    path, body = dice.choice(
        (
            (f"{acme}/repositories/{slug}/users/{person}", {"permission": here}),
            (f"{acme}/repositories/{slug}/groups/{group}", {"permission": here}),
            (f"{acme}/projects/{project}/users/{person}", {"permission": there}),
            (f"{acme}/projects/{project}/groups/{group}", {"permission": there}),
            (f"{acme}/repositories/{slug}/{person}", {"permission": "none"}),
            (f"{acme}/repositories/{slug}", {"project": project}),
            (f"{acme}/groups/{group}", {"members": dice.sample(["emma", "lee", "member-2", "member-3"], 2)}),
            (f"{acme}/members/{person}", {"permission": dice.choice(("member", "none", "create-project"))}),
        )
    )
    caller.lever(path, **body)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_rights_follow_from_the_truth_whatever_is_changed(seed: int) -> None:
    dice = random.Random(seed)
    with start(repositories=30, members=3, tokens=0) as running:
        caller, acme = Caller(running), running.world.workspaces["acme"]
        for _ in range(12):
            for _ in range(4):
                change(caller, dice)
            space = caller.lever("/grants", "GET")["workspaces"]["acme"]
            for account_id in running.world.accounts:
                wanted = read_slowly(space, account_id)
                rights = {acme.repository(uuid): right for uuid, right in acme.rights_of(account_id).items()}
                assert {one.slug: right for one, right in rights.items() if one} == wanted
                assert {
                    one.slug: acme.permission(account_id, one)
                    for one in acme.repositories
                    if acme.permission(account_id, one) != "none"
                } == wanted
