"""A credential's life on one line: approved ones, found ones, deploy keys; each moment once, in order."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from audit.tags import Tag
from tests.tokens.desk import Desk, Made, run_due_jobs, signed_in
from tests.tokens.places.known import Shelf
from tests.tokens.places.test_person_page import hold
from tokens.credential_timeline import SHOWN, revocations_of, timeline_of
from tokens.models import Credential, Finding, FindingKind
from tokens.operations.change import Change, credential_subject
from tokens.operations.findings import close_findings, open_finding
from tokens.operations.live_reads import ask_for_repository
from tokens.operations.revocations import start_revocation


def life(credential: Credential) -> list[dict[str, Any]]:
    row = Credential.objects.select_related("holder", "request__template_version__template").get(pk=credential.pk)
    return timeline_of(row, list(row.findings.all()), revocations_of(row))


def titles(credential: Credential) -> list[str]:
    return [moment["title"] for moment in life(credential)]


def page(user: User, credential: Credential) -> str:
    answer = signed_in(user).get(credential.get_absolute_url())
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_an_approved_one_from_asking_to_its_proven_end(held: tuple[Credential, Made], ada: User, emma: User) -> None:
    credential = held[0]
    start_revocation(credential, reason="The laptop was sold", acting_user=emma)
    run_due_jobs("revoke_credential")
    found = titles(credential)
    wanted = [
        "Emma asked for it",
        "Approved by the template's rule",
        "Pasted and read back",
        "Found in the organisation's listing",
        "Emma asked to end it",
        "Deletion sent",
        "List read again",
        "Revoked",
    ]
    assert [title for title in found if title in wanted] == wanted
    assert len(found) == len(set(found)), "each moment once"
    moments = life(credential)
    assert [moment["at"] for moment in moments] == sorted(moment["at"] for moment in moments)
    text = page(emma, credential)
    assert "The laptop was sold" in text
    assert "/trail/" not in text.split("Its life", 1)[1].split("</section>", 1)[0]
    assert f"/trail/?subject=credential%3A{credential.pk}" in page(ada, credential)


def test_findings_open_close_and_come_back(held: tuple[Credential, Made], emma: User, ada: User) -> None:
    credential = held[0]
    for _ in range(2):
        with Change(ada) as change:
            open_finding(FindingKind.IDLE, credential, change, title="Idle", read_by="evaluation", detail={})
        with Change(ada) as change:
            close_findings(credential, change, because="it was used")
    Finding.objects.update(opened_at=timezone.now())
    found = [title for title in titles(credential) if title.startswith("Finding")]
    assert found.count("Finding closed: Not used for long") == 2
    assert found.count("Finding is back: Not used for long") == 1
    assert "it was used" in page(emma, credential)


def test_a_found_one_says_which_run_found_it_and_what_its_holder_said(desk: Desk, lee: User, otto: User) -> None:
    row = hold(
        lee, "laptop", [], created_at=timezone.now(), seen_at=timezone.now() + timedelta(hours=1), seen_by="listing"
    )
    Credential.objects.filter(pk=row.pk).update(answer="uses", answer_words="My script", answered_at=timezone.now())
    found = titles(row)
    assert {"Created at Atlassian", "Found by an inventory run", "Lee answered: I use it", "Last seen"} <= set(found)
    text = page(otto, row)
    assert "In listing" in text
    assert "My script" in text
    assert "asked for it" not in text


def test_a_deploy_key_names_its_place_and_links_it_for_those_who_oversee(
    shelf: Shelf, ada: User, otto: User, lee: User
) -> None:
    ask_for_repository(shelf.repository("web"), acting_user=ada)
    run_due_jobs("read_part")
    row = shelf.repository("web")
    key = Credential.objects.filter(kind="deploy_key", repository=row).first() or hold(
        lee, "key", ["read"], kind="deploy_key", repository=row
    )
    Credential.objects.filter(pk=key.pk).update(holder=lee.person, created_at=timezone.now())
    assert "Added at Bitbucket" in titles(key)
    assert f'href="{row.get_absolute_url()}?show=keys"' in page(otto, key)
    assert "names Lee as who added it" in page(otto, key)
    own = page(lee, key)
    assert "It opens acme/web and nothing else." in own
    assert row.get_absolute_url() not in own


def test_what_only_the_trail_remembers_is_told_once(held: tuple[Credential, Made], ada: User) -> None:
    credential = held[0]
    with Change(ada) as change:
        change.event(Tag.CREDENTIAL_RETURNED, credential_subject(credential), read_by="radar")
    assert titles(credential).count("Credential listed again") == 1
    assert "Credential registered" not in titles(credential)
    assert Event.objects.filter(tag="credential:registered").exists()


def test_a_long_life_is_cut_to_its_newest_moments(held: tuple[Credential, Made]) -> None:
    credential = held[0]
    now = timezone.now().isoformat()
    Finding.objects.create(
        kind="idle",
        credential=credential,
        title="Idle",
        read_by="evaluation",
        opened_at=timezone.now(),
        history=[{"at": now, "what": "closed", "words": str(number), "by": ""} for number in range(200)],
    )
    assert len(life(credential)) == SHOWN


@pytest.mark.parametrize("who", ["emma", "ada"])
def test_the_page_stays_within_its_queries(
    held: tuple[Credential, Made], emma: User, ada: User, who: str, django_assert_max_num_queries: Any
) -> None:
    credential = held[0]
    start_revocation(credential, reason="Sold", acting_user=emma)
    run_due_jobs("revoke_credential")
    with Change(ada) as change:
        open_finding(FindingKind.IDLE, credential, change, title="Idle", read_by="evaluation", detail={})
    client = signed_in(emma if who == "emma" else ada)
    with django_assert_max_num_queries(12):
        assert client.get(reverse("credential", args=[credential.pk])).status_code == 200
