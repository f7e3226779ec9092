"""A server that answers every documented call with data made from the official document: odd, but legal."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request as Seen
from werkzeug.wrappers import Response

from bitbucket.protocol import Answer, Request, url_of
from bitbucket.transport import Transport
from tests.bitbucket.servers import HttpService, http_service
from tests.contract.client_generated import Odd
from tests.contract.client_schemas import Schema, Schemas

# The service answers these everywhere, whatever is declared.
_ALWAYS = (429, 500, 503)


@dataclass
class Mock:
    """A running mock; `seed` starts the next series of answers.

    Args:
        service: what it saw.
        schemas: of the patched document.
        canary_port: of a server that nobody may speak to.
    """

    service: HttpService
    schemas: Schemas
    canary_port: int
    foreign_links: int = 0
    unknown: list[str] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(0))

    def seed(self, number: int) -> None:
        """Start over; the same number gives the same answers."""
        self.chance = random.Random(number)

    def answer(self, seen: Seen) -> Response:
        """Answer one request by what the document says of it."""
        path = str(seen.environ["RAW_URI"]).partition("?")[0].removeprefix("/2.0")  # a quoted slash stays quoted
        template = self.schemas.template_at(path)
        operation = self.schemas.operation(seen.method, template) if template else None
        if operation is None:
            self.unknown.append(f"{seen.method} {path}")
            return Response("", 418)
        status = self._status(operation)
        schema = self.schemas.success(operation)
        if status != 200 or schema is None:
            return self._refusal(operation, status)
        body = Odd(self.schemas, self.chance).answer(schema)
        if "values" in self.schemas.shape(schema).members:
            body |= self._paging(seen)
        return self._as_json(body, 200)

    def _as_json(self, body: Any, status: int) -> Response:
        return Response(json.dumps(body), status, content_type="application/json")

    def _status(self, operation: dict[str, Any]) -> int:
        declared = [int(code) for code in operation["responses"] if code.isdigit()]
        successes = [code for code in declared if code < 300]
        if self.chance.random() < 0.9 and successes:
            return successes[0]
        return self.chance.choice([*declared, *_ALWAYS])

    def _refusal(self, operation: dict[str, Any], status: int) -> Response:
        content = operation["responses"].get(str(status), {}).get("content", {})
        schema: Schema = content.get("application/json", {}).get("schema", {})
        if not schema:
            return Response("" if status == 204 else "Rate limit for this resource has been exceeded", status)
        return Response(
            json.dumps(Odd(self.schemas, self.chance).answer(schema)), status, content_type="application/json"
        )

    def _paging(self, seen: Seen) -> dict[str, Any]:
        paging: dict[str, Any] = {"size": 10**9, "pagelen": 10**6} if self.chance.random() < 0.3 else {}
        if self.chance.random() >= 0.4:
            return paging
        foreign = (f"http://127.0.0.1:{self.canary_port}{seen.path}?page=2", f"//localhost:{self.canary_port}/2.0/x")
        if self.chance.random() < 0.25:
            self.foreign_links += 1
            return paging | {"next": self.chance.choice(foreign)}
        if self.chance.random() < 0.3:
            paging["values"] = []
        link = f"?page={self.chance.randrange(4)}"
        return paging | {"next": self.chance.choice((link, f"{seen.base_url}{link}"))}


@contextmanager
def running_mock(schemas: Schemas, canary_port: int) -> Iterator[Mock]:
    """Run the mock until the block ends."""
    with http_service(lambda seen: mock.answer(seen)) as service:
        mock = Mock(service, schemas, canary_port)
        yield mock


class Shortcut(Transport):
    """Gives requests to the mock without a network: for the seeds beyond the few that go over HTTP."""

    def __init__(self, mock: Mock) -> None:
        super().__init__(mock.service.url + "/2.0")
        self._mock = mock

    def send(self, request: Request, *, deadline_seconds: float | None = None) -> Answer:
        """Answer at once."""
        del deadline_seconds
        self.requests_sent += 1
        seen = EnvironBuilder(url_of("", request), self._mock.service.url + "/2.0", method=request.method)
        response = self._mock.answer(Seen(seen.get_environ()))
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(request, response.status_code, headers, response.get_data())
