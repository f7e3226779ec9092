"""Bitbucket's pull requests, reduced to what names one, whose it is and whom it waits for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from bitbucket.fields import Fields
from bitbucket.resources.people import AccountReference


@dataclass(frozen=True)
class PullRequest:
    """One pull request.

    Args:
        id: its number, unique in its repository only.
        title: in its author's words.
        repository: workspace and slug of where it leads to; empty where it is not told.
        author: empty where the account is deleted or not told.
        reviewers: who was asked to review; None where the answer does not say, which is no empty list.
        link: its page, empty where no http(s) address is told.
        created_at: None where it is not told.
        updated_at: None where it is not told.
    """

    id: str
    title: str
    repository: str
    author: AccountReference
    reviewers: tuple[AccountReference, ...] | None
    link: str
    created_at: datetime | None
    updated_at: datetime | None

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a `pullrequest` object."""
        reviewers = fields.objects_or_none("reviewers")
        return cls(
            id=fields.identifier("id"),
            title=fields.text_or("title"),
            repository=_repository(fields),
            author=AccountReference.parsed(fields.inner_or_none("author")),
            reviewers=None if reviewers is None else tuple(AccountReference.parsed(one) for one in reviewers),
            link=_page(fields),
            created_at=fields.moment_or_none("created_on"),
            updated_at=fields.moment_or_none("updated_on"),
        )


def _repository(fields: Fields) -> str:
    place = fields.inner_or_none("destination")
    repository = place.inner_or_none("repository") if place else None
    return repository.text_or("full_name") if repository else ""


def _page(fields: Fields) -> str:
    """Only what a browser opens as a page: it ends up in a link of ours."""
    links = fields.inner_or_none("links")
    html = links.inner_or_none("html") if links else None
    address = html.text_or("href") if html else ""
    return address if address.startswith(("https://", "http://")) else ""
