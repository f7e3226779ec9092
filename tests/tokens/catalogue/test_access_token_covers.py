"""What an access token is given for a template, recomputed from Bitbucket's own document where a copy is at hand."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tokens.catalogue.data import ACCESS_TOKEN_KINDS, KIND_BY_SLUG
from tokens.catalogue.rules import classic_cover, expand_classic, reduce_classic
from tokens.shipped_templates import SHIPPED_TEMPLATES

BESIDE_THE_PROJECT = Path(__file__).resolve().parents[4] / "shared" / "bitbucket" / "openapi.json"
DOCUMENT = Path(os.environ.get("BITBUCKET_OPENAPI", BESIDE_THE_PROJECT))
ISSUED = [(draft, kind) for draft in SHIPPED_TEMPLATES for kind in draft.kinds if kind in ACCESS_TOKEN_KINDS]
IDS = [f"{draft.slug}-{kind}" for draft, kind in ISSUED]


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in {"get", "put", "post", "delete", "patch"}:
                classic = {name for way in operation.get("security", []) for name in way.get("oauth2", [])}
                ours = {name for way in operation.get("x-atlassian-oauth2-scopes", []) for name in way["scopes"]}
                yield f"{method.upper()} {path}", frozenset(classic), frozenset(ours)


@pytest.mark.skipif(
    not DOCUMENT.is_file(),
    reason="BITBUCKET'S API DOCUMENT IS NOT HERE: the covers are not compared with it (set BITBUCKET_OPENAPI)",
)
@pytest.mark.parametrize(("draft", "kind"), ISSUED, ids=IDS)
def test_a_cover_opens_what_the_document_lets_the_template_do(draft: Any, kind: str) -> None:
    """Whatever an API token of the template may call, the access token may, where its kind may carry those scopes.

    Some calls that only read ask for an administering classic scope; a cover is right to leave those out.
    """
    carried = expand_classic(classic_cover(draft.scopes, kind=kind).scopes)
    document = json.loads(DOCUMENT.read_text())
    mine = [
        (name, classic)
        for name, classic, ours in _operations(document)
        # No access token may ask about permissions, whatever it carries (REST introduction).
        if "permissions" not in name
        and ours
        and ours <= set(draft.scopes)
        and classic
        and classic <= KIND_BY_SLUG[kind].classic
        and not any(one.endswith(":admin") for one in classic)
    ]
    assert mine
    assert [(name, sorted(classic)) for name, classic in mine if not classic <= carried] == []


@pytest.mark.parametrize(("draft", "kind"), ISSUED, ids=IDS)
def test_a_cover_names_nothing_that_another_scope_of_it_brings(draft: Any, kind: str) -> None:
    cover = classic_cover(draft.scopes, kind=kind)
    assert cover.not_covered == ()
    assert cover.scopes == reduce_classic(cover.scopes)
    assert set(cover.scopes) <= KIND_BY_SLUG[kind].classic
