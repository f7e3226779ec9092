"""The document, or a skip nobody can overlook."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.server import start
from tests.contract.document import VARIABLE, document_path, official_document, patched
from tests.contract.judge import Judge
from tests.sandbox.helper import Caller

_ABSENT = (
    f"{document_path()} is not there. Set {VARIABLE} to Bitbucket's official OpenAPI document to check the sandbox."
)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end of the whole run that the contract was not checked."""
    if not document_path().exists():
        terminalreporter.section("THE SANDBOX WAS NOT CHECKED AGAINST BITBUCKET'S DOCUMENT", red=True, bold=True)
        terminalreporter.line(_ABSENT)


@pytest.fixture(scope="session")
def official() -> dict[str, Any]:
    """The document as it stands; named by the variable and absent is an error, merely absent a skip."""
    if not document_path().exists():
        (pytest.fail if os.environ.get(VARIABLE) else pytest.skip)(_ABSENT)
    return official_document()


@pytest.fixture(scope="session")
def judge(official: dict[str, Any]) -> Judge:
    """Judges by the patched copy."""
    return Judge(patched(official))


@pytest.fixture(scope="session")
def caller() -> Iterator[Caller]:
    """A sandbox for all of them; what they change there they do not ask for again."""
    with start(members=6, tokens=3) as running:
        yield Caller(running)
