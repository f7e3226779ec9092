"""Bitbucket's pull requests, reduced to what names one."""

from dataclasses import dataclass
from typing import Self

from bitbucket.fields import Fields


@dataclass(frozen=True)
class PullRequest:
    """One pull request of a repository, by its number there."""

    id: str
    title: str

    @classmethod
    def parsed(cls, fields: Fields) -> Self:
        """From a `pullrequest` object."""
        return cls(fields.identifier("id"), fields.text_or("title"))
