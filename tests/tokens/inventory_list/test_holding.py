"""What "holds repositories: write" means, in both dialects."""

import pytest

from tokens.catalogue.data import SERVICES
from tokens.inventory.holding import Holding, holding_of, level_choices, short_words

BITBUCKET = ":bitbucket"


def holds(scopes: set[str], holding: Holding) -> bool:
    every = bool(holding.every) and all(scopes & one_of for one_of in holding.every)
    return every or bool(scopes & holding.instead)


@pytest.mark.parametrize(
    ("service", "level", "scopes", "expected"),
    [
        ("repositories", "write", {"write:repository:bitbucket"}, True),
        ("repositories", "write", {"read:repository:bitbucket", "admin:repository:bitbucket"}, False),
        ("repositories", "write", {"repository:write"}, True),
        ("repositories", "write", {"pullrequest:write"}, True),
        ("repositories", "write", {"pullrequest"}, False),
        ("repositories", "read", {"pullrequest"}, True),
        ("repositories", "read", {"write:repository:bitbucket"}, False),
        ("pull_requests", "write", {"write:pullrequest:bitbucket"}, False),
        ("pull_requests", "write", {"write:pullrequest:bitbucket", "read:pullrequest:bitbucket"}, True),
        ("webhooks", "delete", {"webhook"}, True),
        ("webhooks", "delete", {"repository:admin"}, True),
        ("account", "email", {"email"}, True),
        ("account", "read", {"email"}, False),
        ("projects", "write", {"project:write"}, True),
        ("projects", "write", set(), False),
        ("issues", "read", {"issue:write"}, True),
        ("wikis", "read_and_write", {"wiki"}, True),
        ("repositories", "", {"delete:repository:bitbucket"}, True),
        ("repositories", "", {"project"}, True),
        ("repositories", "", {"read:project:bitbucket"}, False),
        ("permissions", "", {"repository:admin"}, True),
    ],
)
def test_levels(service: str, level: str, scopes: set[str], expected: bool) -> None:
    assert holds(scopes, holding_of(service, level)) is expected


def test_every_choice_means_something() -> None:
    for _, choices in level_choices():
        for value, _ in choices:
            holding = holding_of(*value.split(":", 1))
            assert holding.instead or (holding.every and all(holding.every)), value


def test_every_level_is_part_of_any_level() -> None:
    for service in SERVICES:
        (anything,) = holding_of(service.slug).every
        for level in service.levels:
            holding = holding_of(service.slug, level.slug)
            assert set().union(*holding.every, holding.instead) <= anything


def test_in_a_few_words() -> None:
    assert short_words(["write:repository:bitbucket", "read:repository:bitbucket"]) == "Repositories: read, write"
    assert short_words([]) == ""
    many = [f"read:{name}{BITBUCKET}" for name in ("user", "project", "repository", "pullrequest", "pipeline")]
    assert short_words(many) == "Account: read · Projects: read · Repositories: read · 2 more services"
