"""Every rule of the linter, once red and once green."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tokens.catalogue.names import api
from tokens.catalogue.data import API_SCOPES, FACTS, KINDS
from tokens.catalogue.linter import OFFERED_KINDS, LintMessage, TemplateDraft, UseEvidence, errors_of, lint

BASE = TemplateDraft(
    slug="nightly-report",
    name="Nightly report",
    purpose="Read code for the nightly report",
    scopes=("read:repository:bitbucket",),
    kinds=("api_token",),
    max_days=30,
    rule="approvers",
    tasks=("Look at files",),
)
SECRET = "ATATT3xFfGF0" + "a1" * 30
AS_R = ("repository_access_token",)
AS_W = ("workspace_access_token",)


def draft(**changes: Any) -> TemplateDraft:
    """The clean draft with changes; scopes in short form."""
    if isinstance(changes.get("scopes"), str):
        changes["scopes"] = tuple(sorted(api(changes["scopes"])))
    return replace(BASE, **changes)


def said(messages: list[LintMessage], code: str) -> list[LintMessage]:
    """The messages of one rule."""
    return [message for message in messages if message.code == code]


def test_the_clean_draft_is_clean() -> None:
    assert [message.code for message in lint(BASE)] == ["risk_fact"]


# (code, level, field, what makes it speak, what makes it silent)
RULES: list[tuple[str, str, str, dict[str, Any], dict[str, Any]]] = [
    ("slug_shape", "error", "slug", {"slug": "Nightly Report"}, {"slug": "a-1"}),
    ("slug_shape", "error", "slug", {"slug": ""}, {"slug": "a" * 50}),
    ("slug_shape", "error", "slug", {"slug": "a" * 51}, {"slug": "a"}),
    ("slug_reserved", "error", "slug", {"slug": "new"}, {"slug": "news"}),
    ("slug_reserved", "error", "slug", {"slug": "custom-1"}, {"slug": "customs"}),
    ("name_missing", "error", "name", {"name": "  "}, {"name": "x"}),
    ("name_too_long", "error", "name", {"name": "x" * 81}, {"name": "x" * 80}),
    ("purpose_missing", "error", "purpose", {"purpose": ""}, {"purpose": "x"}),
    ("purpose_too_long", "error", "purpose", {"purpose": "x" * 201}, {"purpose": "x" * 200}),
    ("tasks_missing", "warning", "tasks", {"tasks": ()}, {"tasks": ("Look",)}),
    ("tasks_too_many", "error", "tasks", {"tasks": ("Look",) * 21}, {"tasks": ("Look",) * 20}),
    ("task_too_long", "error", "tasks", {"tasks": ("x" * 121,)}, {"tasks": ("x" * 120,)}),
    ("guidance_too_long", "error", "guidance", {"guidance": "x" * 1001}, {"guidance": "x" * 1000}),
    ("justification_too_long", "error", "justification", {"justification": "x" * 301}, {"justification": "x" * 300}),
    ("secret_in_text", "error", "guidance", {"guidance": SECRET}, {"guidance": "Keep the token safe."}),
    ("secret_in_text", "error", "tasks", {"tasks": ("Look", SECRET)}, {"tasks": ("Look",)}),
    ("control_characters", "error", "name", {"name": "two\nlines"}, {"name": "one line"}),
    ("control_characters", "error", "guidance", {"guidance": "a\x00b"}, {"guidance": "two\nlines"}),
    ("no_scopes", "error", "scopes", {"scopes": ()}, {"scopes": "read:repository"}),
    ("wildcard_scope", "error", "scopes", {"scopes": ("read:*",)}, {"scopes": "read:user"}),
    ("wildcard_scope", "error", "scopes", {"scopes": ("all",)}, {"scopes": "read:user"}),
    ("wildcard_scope", "error", "scopes", {"scopes": ("read:all:bitbucket",)}, {"scopes": "read:user"}),
    ("unknown_scope", "error", "scopes", {"scopes": "read:repositories"}, {"scopes": "read:repository"}),
    ("classic_scope", "error", "scopes", {"scopes": ("repository",)}, {"scopes": "read:repository"}),
    ("removed_service", "error", "scopes", {"scopes": "read:issue"}, {"scopes": "read:webhook"}),
    ("removed_service", "error", "scopes", {"scopes": "write:wiki"}, {"scopes": "read:webhook"}),
    ("removed_service", "error", "scopes", {"scopes": ("project:write",)}, {"scopes": "read:project"}),
    ("unconfirmed_scope", "warning", "scopes", {"scopes": "read:package"}, {"scopes": "read:snippet"}),
    ("unknown_level", "error", "levels", {"services_levels": (("repositories", "all"),)}, {"services_levels": ()}),
    (
        "level_not_in_scopes",
        "error",
        "levels",
        {"services_levels": (("repositories", "write"),)},
        {"services_levels": (("repositories", "read"),)},
    ),
    (
        "push_without_read",
        "error",
        "scopes",
        {"scopes": "write:repository", "tasks": ("Push commits",)},
        {"scopes": "write:repository read:repository", "tasks": ("Push commits",)},
    ),
    ("push_without_read", "warning", "scopes", {"scopes": "write:repository"}, {"scopes": "read:repository"}),
    ("write_without_read", "warning", "scopes", {"scopes": "write:webhook"}, {"scopes": "read:webhook write:webhook"}),
    (
        "write_without_read",
        "warning",
        "scopes",
        {"scopes": "write:permission", "justification": "It hands out access."},
        {"scopes": "write:permission read:project", "justification": "It hands out access."},
    ),
    (
        "needs_reason",
        "error",
        "justification",
        {"scopes": "admin:pipeline read:pipeline"},
        {"scopes": "admin:pipeline read:pipeline", "justification": "Nothing smaller does it."},
    ),
    ("needs_reason", "error", "justification", {"scopes": "delete:webhook"}, {"scopes": "write:webhook"}),
    ("needs_reason", "error", "justification", {"scopes": "write:runner"}, {"scopes": "read:runner"}),
    ("needs_reason", "error", "justification", {"scopes": "write:permission"}, {"scopes": "read:permission"}),
    ("never_shipped", "warning", "scopes", {"scopes": "admin:workspace"}, {"scopes": "read:workspace"}),
    ("no_kinds", "error", "kinds", {"kinds": ()}, {"kinds": ("api_token",)}),
    ("unknown_kind", "error", "kinds", {"kinds": ("password",)}, {"kinds": AS_R}),
    ("kind_not_offered", "error", "kinds", {"kinds": ("app_password",)}, {"kinds": AS_R}),
    ("kind_cannot_carry", "error", "kinds", {"scopes": "read:snippet", "kinds": AS_R}, {"kinds": AS_R}),
    ("deploy_key_beyond_read", "error", "kinds", {"scopes": "read:webhook", "kinds": ("deploy_key",)}, {}),
    (
        "deploy_key_beyond_read",
        "error",
        "kinds",
        {"scopes": "read:repository write:repository", "kinds": ("deploy_key",)},
        {"kinds": ("deploy_key",)},
    ),
    (
        "cover_adds",
        "warning",
        "kinds",
        {"scopes": "read:pullrequest", "kinds": AS_R},
        {"scopes": "read:pullrequest read:repository", "kinds": AS_R},
    ),
    (
        "cover_adds_too_much",
        "error",
        "kinds",
        {"scopes": "read:webhook write:webhook", "kinds": AS_R},
        {"scopes": "read:webhook write:webhook"},
    ),
    (
        "machine_kind_not_allowed",
        "error",
        "machine_kinds",
        {"machine_kinds": ("deploy_key",)},
        {"machine_kinds": ("deploy_key",), "kinds": ("api_token", "deploy_key")},
    ),
    ("life_out_of_range", "error", "max_days", {"max_days": 366}, {"max_days": 365}),
    ("life_out_of_range", "error", "max_days", {"max_days": 0}, {"max_days": 1}),
    ("life_too_long", "warning", "max_days", {"scopes": "write:webhook", "max_days": 181}, {"max_days": 365}),
    (
        "life_too_long",
        "warning",
        "max_days",
        {"scopes": "admin:pipeline", "max_days": 31},
        {"scopes": "admin:pipeline", "max_days": 30},
    ),
    ("unknown_rule", "error", "rule", {"rule": "nobody"}, {"rule": "approvers"}),
    ("critical_needs_two", "warning", "rule", {"scopes": "admin:pipeline"}, {"scopes": "write:pipeline"}),
    (
        "critical_needs_two",
        "warning",
        "rule",
        {"scopes": "admin:pipeline"},
        {"scopes": "admin:pipeline", "rule": "two_people"},
    ),
    (
        "at_once_too_strong",
        "error",
        "rule",
        {"scopes": "delete:webhook", "rule": "at_once"},
        {"scopes": "read:webhook", "rule": "at_once"},
    ),
    ("at_once_too_strong", "error", "rule", {"scopes": ("read:x",), "rule": "at_once"}, {"rule": "at_once"}),
    (
        "at_once_too_long",
        "error",
        "rule",
        {"scopes": "write:webhook", "rule": "at_once_reviewed", "max_days": 91},
        {"scopes": "write:webhook", "rule": "at_once_reviewed", "max_days": 90},
    ),
    (
        "at_once_too_long",
        "error",
        "rule",
        {"rule": "at_once_reviewed", "max_days": 91},
        {"rule": "at_once", "max_days": 91},
    ),
    ("at_once_writes", "warning", "rule", {"scopes": "write:webhook", "rule": "at_once"}, {"rule": "at_once"}),
    (
        "reviewed_for_machine",
        "error",
        "rule",
        {"rule": "at_once_reviewed", "used_by_machine": True},
        {"rule": "at_once_reviewed"},
    ),
    (
        "reviewed_for_machine",
        "error",
        "rule",
        {"rule": "at_once_reviewed", "kinds": ("api_token", "deploy_key"), "machine_kinds": ("deploy_key",)},
        {"rule": "at_once", "kinds": ("api_token", "deploy_key"), "machine_kinds": ("deploy_key",)},
    ),
    (
        "no_deputy",
        "warning",
        "deputy_required",
        {"used_by_machine": True},
        {"used_by_machine": True, "deputy_required": True},
    ),
    (
        "machine_as_person",
        "warning",
        "kinds",
        {"used_by_machine": True, "kinds": ("api_token", "repository_access_token")},
        {"used_by_machine": True, "kinds": ("repository_access_token", "api_token")},
    ),
]


@pytest.mark.parametrize(
    ("code", "level", "field", "red", "green"), RULES, ids=[f"{row[0]}-{n}" for n, row in enumerate(RULES)]
)
def test_a_rule_speaks_and_is_silent(
    code: str, level: str, field: str, red: dict[str, Any], green: dict[str, Any]
) -> None:
    found = said(lint(draft(**red)), code)
    assert [(message.level, message.field) for message in found] == [(level, field)]
    assert found[0].sentence.endswith(".")
    assert said(lint(draft(**green)), code) == []


def test_what_is_never_shipped_is_an_error_for_shipping_only() -> None:
    risky = draft(scopes="write:ssh-key read:ssh-key", justification="It makes keys.")
    assert said(lint(risky), "never_shipped")[0].level == "warning"
    assert said(lint(risky, shipped=True), "never_shipped")[0].level == "error"


def test_an_addition_that_the_guidance_names_is_a_note() -> None:
    automation = draft(scopes="read:pullrequest write:pullrequest", kinds=AS_R)
    assert said(lint(automation), "cover_adds")[0].level == "warning"
    vague = replace(automation, guidance="As an access token it can push.")
    assert said(lint(vague), "cover_adds")[0].level == "warning"
    elsewhere = replace(automation, guidance="It also opens read:repository and write:repository.")
    assert said(lint(elsewhere), "cover_adds")[0].level == "warning"
    told = replace(automation, guidance="As an access token it opens read:repository and write:repository too.")
    message = said(lint(told), "cover_adds")[0]
    assert message.level == "note"
    assert "read:repository, write:repository" in message.sentence


def test_each_kind_is_judged_by_itself() -> None:
    indexer = draft(scopes="read:repository read:project read:workspace", kinds=("project_access_token", *AS_W))
    assert [m.sentence.split(":")[0] for m in said(lint(indexer), "kind_cannot_carry")] == ["Project access token"]
    assert "workspace access token it also opens read:user" in said(lint(indexer), "cover_adds")[0].sentence


def test_a_deputy_for_what_only_reads_and_outlives_its_holder_is_a_note() -> None:
    reader = draft(used_by_machine=True, kinds=("deploy_key", "repository_access_token"))
    assert said(lint(reader), "no_deputy")[0].level == "note"
    writer = draft(used_by_machine=True, kinds=AS_R, scopes="read:repository write:repository")
    assert said(lint(writer), "no_deputy")[0].level == "warning"


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.scope)
def test_what_surprises_people_is_a_note(fact: Any) -> None:
    assert fact.sentence in [message.sentence for message in said(lint(draft(scopes=(fact.scope,))), "risk_fact")]


WIDE = "read:repository write:repository read:webhook"


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (UseEvidence(), ""),
        (UseEvidence(asked=3, needed=api(WIDE)), ""),
        (UseEvidence(asked=1, needed=api("read:repository write:repository")), "1 request said"),
        (UseEvidence(asked=12, needed=api("read:repository")), "12 requests said"),
        (UseEvidence(smaller=2, granted=api("read:repository")), "2 requests ended with a smaller set"),
        (UseEvidence(smaller=1, granted=api("read:repository")), "1 request ended with a smaller set"),
        (UseEvidence(asked=4, needed=api("read:webhook"), smaller=1, granted=api("read:repository")), "4 requests"),
        (
            UseEvidence(
                asked=4, needed=api("read:webhook write:repository"), smaller=1, granted=api("read:repository")
            ),
            "",
        ),
    ],
)
def test_broader_than_every_request_needed(evidence: UseEvidence, words: str) -> None:
    found = said(lint(draft(scopes=WIDE), evidence), "broader_than_needed")
    assert len(found) == bool(words)
    if words:
        assert found[0].sentence.startswith(words)
        assert found[0].level == "warning"
        spare = sorted(api(WIDE) - evidence.needed - evidence.granted)
        assert ", ".join(name.removesuffix(":bitbucket") for name in spare) in found[0].sentence


def test_errors_come_first_then_warnings_then_notes() -> None:
    everything = draft(name="", scopes="write:repository read:repository", rule="at_once", max_days=400)
    levels = [message.level for message in lint(everything)]
    assert levels == sorted(levels, key=["error", "warning", "note"].index)
    assert set(levels) == {"error", "warning", "note"}
    assert [m.level for m in errors_of(lint(everything))] == ["error"] * levels.count("error")


def test_no_secret_is_repeated() -> None:
    everywhere = draft(
        name=SECRET, purpose=SECRET, tasks=(SECRET,), scopes=(SECRET,), kinds=(SECRET,), machine_kinds=(SECRET, "x"),
        services_levels=((SECRET, SECRET),), rule=SECRET, guidance=SECRET, justification=SECRET, slug=SECRET,
    )  # fmt: skip
    assert not any(SECRET[:16] in message.sentence for message in lint(everywhere))


ANY_NAMES = st.lists(st.sampled_from([scope.name for scope in API_SCOPES]) | st.text(max_size=8), max_size=6)
ANY_KINDS = st.lists(st.sampled_from([kind.slug for kind in KINDS]) | st.text(max_size=5), max_size=4)


@given(ANY_NAMES, ANY_KINDS, st.integers(-3, 500), st.sampled_from(["at_once", "at_once_reviewed", "approvers", "x"]))
def test_it_never_fails_and_says_the_same_twice(scopes: list[str], kinds: list[str], days: int, rule: str) -> None:
    one = draft(scopes=tuple(scopes), kinds=tuple(kinds), max_days=days, rule=rule, used_by_machine=True)
    assert lint(one) == lint(one)
    assert len(set(lint(one))) == len(lint(one))


def test_every_kind_is_offered_or_refused() -> None:
    for kind in KINDS:
        refused = said(lint(draft(kinds=(kind.slug,))), "kind_not_offered")
        assert bool(refused) is (kind.slug not in OFFERED_KINDS)
