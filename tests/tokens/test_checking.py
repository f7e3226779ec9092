"""What one look at a credential means: pure, without a database."""

import pytest

from bitbucket.credential_reading import CredentialReading
from tests.tokens.check_desk import scopes
from tokens.check_match import match_from_scopes
from tokens.check_words import holder_words, kind_words, words_for_check
from tokens.checking import CheckOutcome, CheckResult, Pasted, PastedAs, result_from_reading
from tokens.models import Template, TemplateVersion

EMMA, LEE = "712020:emma", "712020:lee"


def version(slug: str, *short: str, kinds: tuple[str, ...] = ("api_token",)) -> TemplateVersion:
    return TemplateVersion(
        template=Template(slug=slug), name=slug.title(), scopes=scopes(*short), kinds=list(kinds), max_days=30
    )


MACHINE = ("repository_access_token", "workspace_access_token")
SHELF = [
    version("pull", "read:repository", kinds=("api_token", "deploy_key", *MACHINE)),
    version("push", "read:repository", "write:repository"),
    version("work", "read:repository", "write:repository", "read:pullrequest"),
    version("review", "read:pullrequest", kinds=("api_token", *MACHINE)),
    version("release", "read:repository", "write:repository", kinds=("repository_access_token",)),
    version("index", "read:repository", "read:project", kinds=("workspace_access_token",)),
]


@pytest.mark.parametrize(
    ("granted", "slug", "adds", "lacks", "contained"),
    [
        ("read:repository", "pull", "", "", "Pull"),
        ("read:repository write:repository", "push", "", "", "Pull Push"),
        ("write:repository", "push", "", "read:repository", ""),
        ("read:pullrequest read:repository", "work", "", "write:repository", "Pull Review"),
        ("read:repository delete:repository", "pull", "delete:repository", "", "Pull"),
        ("read:pullrequest delete:repository", "review", "delete:repository", "", "Review"),
        ("write:repository admin:repository", "push", "admin:repository", "read:repository", ""),
        ("read:repository write:repository read:pullrequest x:y", "work", "x:y", "", "Pull Push Work Review"),
    ],
)
def test_the_closest_template(granted: str, slug: str, adds: str, lacks: str, contained: str) -> None:
    """Fewest that the template misses, then least that it adds, then the slug."""
    match, names = match_from_scopes(scopes(*granted.split()), SHELF, kind="api_token")
    assert match is not None
    assert (match.slug, list(match.adds), list(match.lacks)) == (slug, scopes(*adds.split()), scopes(*lacks.split()))
    assert names == tuple(contained.split())
    assert match.is_exact is (not adds and not lacks)
    assert match.fits is not bool(adds)


@pytest.mark.parametrize("granted", [[], scopes("read:snippet"), ["something-new"]])
def test_no_template_has_anything_of_it(granted: list[str]) -> None:
    assert match_from_scopes(granted, SHELF, kind="api_token") == (None, ())


def test_of_two_that_fit_alike_the_first_slug() -> None:
    twins = [version("b", "read:repository"), version("a", "read:repository")]
    match, _ = match_from_scopes(scopes("read:repository"), twins, kind="api_token")
    assert match is not None
    assert match.slug == "a"


@pytest.mark.parametrize(("kind", "slug"), [("api_token", "person"), ("repository_access_token", "machine")])
def test_of_two_that_fit_alike_the_one_for_such_a_user(kind: str, slug: str) -> None:
    twins = [version(name, "read:repository", kinds=("api_token", *MACHINE)) for name in ("machine", "person")]
    twins[0].used_by_machine = True
    granted = scopes("read:repository") if kind == "api_token" else ["repository"]
    match, _ = match_from_scopes(granted, twins, kind=kind)
    assert match is not None
    assert match.slug == slug


@pytest.mark.parametrize(
    ("kind", "granted", "slug", "adds", "lacks"),
    [
        ("repository_access_token", "repository", "pull", "", ""),
        ("repository_access_token", "pullrequest", "review", "", ""),
        ("repository_access_token", "pullrequest repository", "review", "", ""),
        ("repository_access_token", "repository:write", "release", "", ""),
        ("repository_access_token", "repository:write webhook", "release", "webhook", ""),
        ("repository_access_token", "repository:write pullrequest", "release", "pullrequest", ""),
        ("workspace_access_token", "project", "index", "", ""),
        ("workspace_access_token", "repository", "pull", "", ""),
        ("workspace_access_token", "account repository", "pull", "account", ""),
        ("", "repository:write", "release", "", ""),
        ("", "project", "index", "", ""),
    ],
)
def test_classic_scopes_are_compared_with_the_cover_as_that_kind(
    kind: str, granted: str, slug: str, adds: str, lacks: str
) -> None:
    match, _ = match_from_scopes(granted.split(), SHELF, kind=kind)
    assert match is not None
    assert (match.slug, list(match.adds), list(match.lacks)) == (slug, adds.split(), lacks.split())


@pytest.mark.parametrize("kind", ["oauth_grant", "project_access_token"])
def test_a_kind_that_no_template_is_offered_as(kind: str) -> None:
    assert match_from_scopes(["repository"], SHELF, kind=kind) == (None, ())


ONE = frozenset(scopes("read:repository"))


def result_of(reading: CredentialReading, pasted_as: PastedAs = "api_token") -> CheckResult:
    return result_from_reading(reading, pasted_as, account_id=EMMA, versions=SHELF)


@pytest.mark.parametrize(
    ("reading", "outcome", "proof"),
    [
        (CredentialReading(200, "api_token", ONE, EMMA, ""), "read", "read"),
        (CredentialReading(403, "api_token", ONE, None, ""), "read", "declared"),
        (CredentialReading(403, "mystery", ONE, None, ""), "read", "declared"),
        (CredentialReading(403, None, frozenset(), None, ""), "read", "declared"),
        (CredentialReading(401, None, None, None, ""), "invalid", ""),
        (CredentialReading(200, "api_token", ONE, LEE, ""), "wrong_holder", ""),
        (CredentialReading(200, "repo_access_token", ONE, LEE, ""), "wrong_holder", ""),
        (CredentialReading(200, "api_token", None, LEE, ""), "wrong_holder", ""),
        (CredentialReading(200, "api_token", None, EMMA, ""), "unreadable", ""),
        (CredentialReading(200, "api_token", ONE, None, "names no account"), "unreadable", ""),
        (CredentialReading(403, "api_token", None, None, ""), "unreadable", ""),
        (CredentialReading(404, None, None, None, "not found"), "unreadable", ""),
        (CredentialReading(429, None, None, None, "too many"), "unreadable", ""),
        (CredentialReading(None, None, None, None, "no answer"), "unreadable", ""),
    ],
)
def test_what_one_look_means(reading: CredentialReading, outcome: str, proof: str) -> None:
    result = result_of(reading)
    assert (result.outcome, result.holder_proof) == (outcome, proof)
    assert bool(result.risk) is (outcome == "read")
    if outcome != "read":
        assert (result.scopes, result.match, result.contained, result.groups) == ((), None, (), [])


@pytest.mark.parametrize("account_id", [EMMA, LEE])
def test_an_access_token_is_nobodys_even_if_an_account_is_named(account_id: str) -> None:
    reading = CredentialReading(200, "repo_access_token", frozenset({"repository"}), account_id, "")
    result = result_of(reading, "access_token")
    assert (result.outcome, result.kind, result.holder_proof) == (CheckOutcome.READ, "repository_access_token", "")
    assert "Nobody" in holder_words(result)


def test_an_unknown_word_is_kept_and_the_beginning_tells_the_kind() -> None:
    assert result_of(CredentialReading(403, "mystery", ONE, None, "")).kind == "api_token"
    strange = result_of(CredentialReading(403, "mystery", frozenset({"repository"}), None, ""), "access_token")
    assert (strange.kind, strange.credential_type) == ("", "mystery")
    assert kind_words(strange).startswith("Access token of a repository, project or workspace")


def test_what_works_unattended_is_riskier() -> None:
    write = frozenset({"repository:write"})
    own = result_of(CredentialReading(403, "api_token", frozenset(scopes("write:repository")), None, ""))
    machine = result_of(CredentialReading(403, "repo_access_token", write, None, ""), "access_token")
    assert own.risk
    assert machine.risk
    assert (own.risk.level, machine.risk.level) == ("medium", "high")


def test_no_scope_is_told_as_such() -> None:
    assert words_for_check(result_of(CredentialReading(403, "api_token", frozenset(), None, ""))).title == (
        "It opens nothing"
    )


def test_what_was_pasted_does_not_show_itself() -> None:
    assert "xyzzy" not in repr(Pasted("api_token", "emma@acme.test", "ATAT" + "xyzzy"))
