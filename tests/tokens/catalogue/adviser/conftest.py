"""What the tests of the adviser share."""

import json

import pytest

from tests.tokens.catalogue.test_official_document import DOCUMENT

_METHODS = frozenset({"get", "put", "post", "delete", "patch"})


@pytest.fixture(scope="session")
def names_in_document() -> frozenset[str]:
    """Every operation of Bitbucket's API document as `METHOD /path`."""
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    return frozenset(
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method in methods
        if method in _METHODS
    )
