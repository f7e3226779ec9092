"""The whole client against a server made from the official document: odd but legal answers break nothing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bitbucket.cloud import CloudClient
from bitbucket.credential_reading import read_credential
from bitbucket.credentials import Basic
from bitbucket.errors import BadAnswer, RemoteError
from bitbucket.person_reading import PersonReading, read_person
from bitbucket.transport import Transport
from tests.bitbucket.calls import ADDITIONS, LISTINGS, READS, call, methods
from tests.bitbucket.servers import RawService, canned, raw_service
from tests.contract.client_mock import Mock, Shortcut, running_mock
from tests.contract.client_schemas import Schemas
from tests.contract.document import patched

OVER_HTTP, DIRECT = range(5), range(5, 125)
KNOWN = {"{e}": ("web", "CORE"), "{r}": ("api", "OPS")}


@dataclass
class Run:
    """What came of all seeds."""

    mock: Mock
    canary: RawService
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    refused_links: int = 0
    people: list[PersonReading] = field(default_factory=list)

    def note(self, name: str, outcome: str) -> None:
        """Count an outcome of a call."""
        self.outcomes.setdefault(name, Counter())[outcome] += 1


@pytest.fixture(scope="module")
def run(official: dict[str, Any]) -> Iterator[Run]:
    """Every call of the client, with every seed; anything but an answer or a `RemoteError` ends it here."""
    schemas = Schemas(patched(official))
    empty = canned(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    with raw_service(empty) as canary, running_mock(schemas, canary.port) as mock:
        made = Run(mock, canary)
        for transport, seeds in ((Transport(mock.service.url + "/2.0"), OVER_HTTP), (Shortcut(mock), DIRECT)):
            with transport:
                for seed in seeds:
                    mock.seed(seed)
                    _once(made, transport)
        yield made


def _once(run: Run, transport: Transport) -> None:
    client = CloudClient(transport, Basic("bot@acme.test", "ATATTcanary-secret"))
    for name in methods():
        try:
            run.texts.append(repr(call(client, name)))
        except RemoteError as error:
            run.note(name, "refused")
            run.texts.append(str(error))
            run.refused_links += isinstance(error, BadAnswer) and "outside" in error.detail
        else:
            run.note(name, "read")
    run.texts.append(repr(read_credential(transport, email="emma@acme.test", secret="ATATTcanary-secret")))
    for filtered in (True, False, True):
        person = read_person(client, "acme", "{e}", "712020:emma", user_filter_works=filtered, known=KNOWN)
        run.people.append(person)
        run.texts.append(repr(person))


def test_every_call_was_read_and_refused_at_least_once(run: Run) -> None:
    assert set(run.outcomes) == set(methods())
    assert {name for name in methods() if not run.outcomes[name]["read"]} == set()
    assert {name for name in READS + ADDITIONS if not run.outcomes[name]["refused"]} == set()
    assert run.mock.unknown == []


def test_a_next_page_elsewhere_was_refused_with_words_and_never_asked(run: Run) -> None:
    assert run.mock.foreign_links > len(LISTINGS)
    assert run.refused_links > len(LISTINGS)
    assert (run.canary.connections, bytes(run.canary.received)) == (0, b"")


def test_everything_that_was_read_can_be_stored_and_shows_no_secret(run: Run) -> None:
    everything = "\n".join(run.texts)
    assert "canary-secret" not in everything
    assert everything.encode().decode() == everything
    assert "\\x00" not in everything
    assert "\\ud800" not in everything


def test_a_person_was_read_every_time_and_what_failed_stands_in_the_reading(run: Run) -> None:
    assert len(run.people) == 3 * len([*OVER_HTTP, *DIRECT])
    assert any(one.repositories for one in run.people)
    assert any(one.is_member for one in run.people)
    assert any(isinstance(part.error, BadAnswer) for one in run.people for part in one.unread)
    assert all(one.is_complete or not one.is_clean for one in run.people)
    assert all(one.own_role or not one.is_complete for one in run.people)


def test_the_same_seed_gives_the_same_answers_over_http_and_without(run: Run) -> None:
    seen = []
    http = Transport(run.mock.service.url + "/2.0")
    for transport, seed in ((http, 3), (Shortcut(run.mock), 3), (Shortcut(run.mock), 4)):
        run.mock.seed(seed)
        again = Run(run.mock, run.canary)
        with transport:
            _once(again, transport)
        seen.append(again.texts)
    assert seen[0] == seen[1] != seen[2]
