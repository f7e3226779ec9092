"""Templates as TOML: what is written reads back the same, what does not fit is refused by file and key."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tokens.templates.drafts import READER
from tokens.catalogue.data import API_SCOPES
from tokens.catalogue.linter import OFFERED_KINDS, RULE_NAMES, TemplateDraft
from tokens.shipped_templates import SHIPPED_TEMPLATES
from tokens.template_comparison import in_order
from tokens.template_files import FileProblem, drafts_from_toml, toml_from_drafts
from tokens.template_imports import read_files
from tokens.template_picker import BUNDLES

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
DRAFTS = st.builds(
    TemplateDraft,
    slug=TEXT,
    name=TEXT,
    purpose=TEXT,
    scopes=st.lists(st.sampled_from([scope.name for scope in API_SCOPES]) | TEXT, max_size=5).map(tuple),
    kinds=st.lists(st.sampled_from(OFFERED_KINDS), unique=True).map(tuple),
    max_days=st.integers(-5, 70_000),
    rule=st.sampled_from(RULE_NAMES) | TEXT,
    tasks=st.lists(TEXT, max_size=4).map(tuple),
    services_levels=st.lists(st.sampled_from([tuple(value.split(":")) for value in BUNDLES]), max_size=4).map(tuple),
    machine_kinds=st.lists(st.sampled_from(OFFERED_KINDS), unique=True).map(tuple),
    deputy_required=st.booleans(),
    used_by_machine=st.booleans(),
    guidance=TEXT,
    justification=TEXT,
)


@settings(max_examples=300)
@given(st.lists(DRAFTS, max_size=3))
def test_what_is_written_reads_back_the_same(drafts: list[TemplateDraft]) -> None:
    text = toml_from_drafts(drafts)
    tables = {"template": []} if not drafts else tomllib.loads(text)
    assert len(tables["template"]) == len(drafts)
    if drafts:
        assert [one.draft for one in drafts_from_toml(text, file="x.toml")] == [in_order(draft) for draft in drafts]


def test_the_twenty_are_written_in_the_order_of_the_shelf_and_always_alike() -> None:
    text = toml_from_drafts(SHIPPED_TEMPLATES)
    assert [row["slug"] for row in tomllib.loads(text)["template"]] == [draft.slug for draft in SHIPPED_TEMPLATES]
    assert toml_from_drafts(one.draft for one in drafts_from_toml(text, file="x")) == text
    assert "#" not in text, "no comments"
    assert '\n    "read:repository:bitbucket",\n' in text, "one scope a line"


def without(key: str) -> str:
    """A file that lacks a key."""
    return "".join(line for line in toml_from_drafts([READER]).splitlines(True) if not line.startswith(f"{key} "))


def with_value(key: str, value: str) -> str:
    """A file in which a key of one line has another value."""
    lines = toml_from_drafts([READER]).splitlines()
    return "\n".join(f"{key} = {value}" if line.startswith(f"{key} =") else line for line in lines)


PROBLEMS = [
    ("[[template]\n", "no TOML (at line 1"),
    ("slug = 'x'\n", "no key “slug”"),
    ("", "“template” is missing"),
    ("template = 3\n", "list of tables"),
    ("template = [3]\n", "list of tables"),
    ("[template]\n", "list of tables"),
    (without("rule"), "template 1 (nightly-report): the key “rule” is missing"),
    (toml_from_drafts([READER]) + 'risk = "low"\n', "template 1 (nightly-report): there is no key “risk”"),
    (with_value("max_days", '"30"'), "“max_days” must be a whole number"),
    (with_value("max_days", "true"), "“max_days” must be a whole number"),
    (with_value("max_days", "30.0"), "“max_days” must be a whole number"),
    (with_value("deputy_required", "1"), "“deputy_required” must be true or false"),
    (with_value("name", "7"), "“name” must be a text"),
    (with_value("machine_kinds", '"api_token"'), "“machine_kinds” must be a list of texts"),
    (with_value("machine_kinds", "[1]"), "“machine_kinds” must be a list of texts"),
    (
        toml_from_drafts([replace(READER, services_levels=(("a", "b"),))]).replace("a:b", "repositories"),
        "service:level",
    ),
]


@pytest.mark.parametrize(("text", "words"), PROBLEMS)
def test_what_does_not_fit_is_named_by_file_and_key(text: str, words: str) -> None:
    with pytest.raises(FileProblem) as refused:
        drafts_from_toml(text, file="some/file.toml")
    assert str(refused.value).startswith("some/file.toml")
    assert words in str(refused.value)


def test_no_secret_is_quoted_from_a_file() -> None:
    secret = "ATATT3xFfGF0" + "a1" * 30
    for text in (f"{secret} = 1\n", toml_from_drafts([replace(READER, slug=secret)]).replace("rule =", f"{secret} =")):
        with pytest.raises(FileProblem) as refused:
            drafts_from_toml(text, file="x.toml")
        assert secret[:20] not in str(refused.value)


def test_a_folder_is_read_in_order_and_a_short_name_once(tmp_path: Path) -> None:
    for name, slug in (("b", "second"), ("a", "first")):
        (tmp_path / f"{name}.toml").write_text(toml_from_drafts([replace(READER, slug=slug)]), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a template", encoding="utf-8")
    assert [one.draft.slug for one in read_files([tmp_path])] == ["first", "second"]
    with pytest.raises(FileProblem, match=r"b\.toml: a template of the same short name is in .*b\.toml already"):
        read_files([tmp_path, tmp_path / "b.toml"])


def unreadable(folder: Path) -> dict[str, Any]:
    """Paths that cannot be read, with what is said about them."""
    (folder / "empty").mkdir()
    (folder / "latin.toml").write_bytes("name = 'größer'".encode("latin-1"))
    (folder / "large.toml").write_bytes(b"#" * 1_000_001)
    return {
        "empty": "no .toml file",
        "latin.toml": "not UTF-8",
        "large.toml": "larger than",
        "none.toml": "cannot be read",
    }


def test_a_file_that_cannot_be_read_is_said_to_be(tmp_path: Path) -> None:
    for name, words in unreadable(tmp_path).items():
        with pytest.raises(FileProblem, match=words):
            read_files([tmp_path / name])
