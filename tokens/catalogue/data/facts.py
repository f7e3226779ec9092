"""What surprises people about a scope: facts of Bitbucket's API, each with the place that shows it."""

from typing import Final

from tokens.catalogue.data import sources
from tokens.catalogue.data.api_scopes import SUFFIX
from tokens.catalogue.model import Fact


def _fact(short: str, sentence: str, source: str = sources.OPENAPI) -> Fact:
    seen_on = sources.OPENAPI_SEEN_ON if source == sources.OPENAPI else sources.SEEN_ON
    return Fact(short + SUFFIX, sentence, source, seen_on)


FACTS: Final[tuple[Fact, ...]] = (
    _fact(
        "write:repository",
        "A push starts pipelines, so whoever can push can run code next to the secrets used for deployment.",
        sources.REST_INTRODUCTION,
    ),
    _fact(
        "write:pullrequest",
        "Whoever can open a pull request with it can also approve and merge. Protect the main branch.",
    ),
    _fact("read:repository", "Reading code is enough to mark a commit's build as passed."),
    _fact("read:pullrequest", "Reading pull requests is enough to comment on them."),
    _fact("read:pipeline", "It shows the values of every pipeline variable that is not secured."),
    _fact("write:webhook", "A webhook can send what happens in a repository to any address in the world."),
    _fact("write:ssh-key", "An SSH key added with it is a further credential, and it has no end date."),
)
