"""Reads one person live, as the portal does, and prints what it took: a process of its own, so that it counts alone."""

import argparse
import json
import os
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

# Models can be imported only now.
from accounts.models import Person  # noqa: E402
from bitbucket.person_reading import read_person  # noqa: E402
from tokens.clients import audit_bot  # noqa: E402
from tokens.models import Repository  # noqa: E402


def read(account_id: str, *, with_grants: bool) -> dict[str, object]:
    """Read one person with what the inventory knows of places.

    Returns:
        Seconds, and how many repositories, grants and places there were.
    """
    bot, person = audit_bot(), Person.objects.get(account_id=account_id)
    assert bot is not None
    rows = Repository.objects.filter(gone_at=None).values_list("uuid", "slug", "project__key")
    known = {uuid: (slug, key or "") for uuid, slug, key in rows}
    workspace = Repository.objects.values_list("workspace__uuid", flat=True)[0]
    began = time.perf_counter()
    reading = read_person(
        bot, workspace, person.uuid, account_id, user_filter_works=True, known=known, with_grants=with_grants
    )
    seconds = time.perf_counter() - began
    projects = {repository.project_key for repository in reading.repositories}
    return {
        "seconds": seconds,
        "reached": len(reading.repositories),
        "grants": len(reading.grants),
        "places": len(reading.repositories) + len(projects),
        "unread": [str(part) for part in reading.unread],
    }


def main() -> None:
    """Read, print JSON."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("account_id")
    arguments.add_argument("--grants", action="store_true")
    asked = arguments.parse_args()
    print(json.dumps(read(asked.account_id, with_grants=asked.grants)))


if __name__ == "__main__":
    main()
