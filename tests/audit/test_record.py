"""Writing the trail."""

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from audit.content import RefusedContent, clean_details
from audit.context import request_id_scope
from audit.models import GENESIS_HASH, Event
from audit.tags import Tag, words_of
from audit.trail import Actor, Subject, record
from tests.audit.events import CREDENTIAL, EMMA, happen

pytestmark = pytest.mark.django_db

SECRETS = [
    "ATATT3xFfGF0abcdefgh",
    "before ATBBx7Yq2example and after",
    "ATCTT3xFfGN0abcdefgh=1A2B",
    "https://emma:hunter22@bitbucket.org/acme/web.git",
    "Authorization: Basic x",
    "curl -H 'bearer abcdefghijklmnop1234'",
]


def test_events_follow_each_other() -> None:
    first, second = happen(), happen(note="again")
    assert (first.seq, second.seq) == (1, 2)
    assert first.previous_hash == GENESIS_HASH
    assert second.previous_hash == first.hash
    stored = Event.objects.get(seq=2)
    assert stored.hash == stored.computed_hash() == second.hash
    assert stored.details == {"note": "again"}


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded() -> None:
    with pytest.raises(TransactionManagementError):
        record(Tag.SESSION_START, actor=EMMA, subject=CREDENTIAL)
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_leaves_no_gap() -> None:
    happen()
    with transaction.atomic():
        record(Tag.SESSION_START, actor=EMMA, subject=CREDENTIAL)
        transaction.set_rollback(True)
    assert happen().seq == 2


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_refused_and_not_repeated(secret: str) -> None:
    for details in ({"note": secret}, {"deep": [{"notes": [secret]}]}):
        with pytest.raises(RefusedContent) as refusal:
            happen(**details)
        assert secret not in str(refusal.value)
    with pytest.raises(RefusedContent):
        happen(subject=Subject("credential", "7", secret))
    with pytest.raises(RefusedContent):
        happen(actor=Actor("person", "712020:emma", secret))
    assert not Event.objects.exists()


def test_talking_about_secrets_is_allowed() -> None:
    happen(
        note="starts with ATAT, as DATATABLES do", url="https://bitbucket.org/acme/web", basic="Basic responsibilities"
    )


@pytest.mark.parametrize("key", ["secret", "password", "Authorization"])
def test_a_detail_named_like_a_secret_is_refused(key: str) -> None:
    with pytest.raises(RefusedContent):
        happen(deep={key: "anything"})
    with pytest.raises(RefusedContent):
        clean_details({key: "anything"})


@pytest.mark.parametrize("value", [1.5, object(), b"bytes", {"a": 0.1}])
def test_only_plain_values_that_come_back_as_they_were(value: object) -> None:
    with pytest.raises(RefusedContent):
        happen(value=value)  # type: ignore[arg-type]


def test_hostile_texts_are_kept_as_far_as_they_can_be() -> None:
    event = happen(
        actor=Actor("person", "712020:emma", "Em\x00ma \ud800" + "x" * 1000), note="\x00\ud83d ü 漢", big=10**30
    )
    stored = Event.objects.get(seq=event.seq)
    assert stored.actor_label.startswith("Em\ufffdma ?")
    assert len(stored.actor_label) == 300
    assert stored.details == {"note": "\ufffd? ü 漢", "big": 10**30}
    assert stored.computed_hash() == stored.hash


def test_sets_come_in_a_fixed_order() -> None:
    assert happen(scopes=frozenset({"b", "a", "c"})).details == {"scopes": ["a", "b", "c"]}  # type: ignore[arg-type]


def test_the_request_is_named() -> None:
    with request_id_scope("abc123"):
        assert happen().request_id == "abc123"
    assert happen().request_id == ""


def test_time_never_runs_backwards() -> None:
    ahead = happen()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_chainhead DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_chainhead SET at = at + interval '1 hour' WHERE id = 1")
        cursor.execute("ALTER TABLE audit_chainhead ENABLE ALWAYS TRIGGER audit_chainhead_append_only")
    assert (happen().at - ahead.at).total_seconds() == 3600


def test_an_actor_has_a_known_kind() -> None:
    with pytest.raises(ValueError, match="person, system, command"):
        Actor("robot")


def test_every_tag_has_words_and_a_noun_and_old_tags_speak_for_themselves() -> None:
    assert all(tag.words and ":" in tag.value and len(tag.value) <= 64 for tag in Tag)
    assert words_of("credential:revoked") == "Credential revoked and proven"
    assert words_of("long:forgotten") == "long:forgotten"
