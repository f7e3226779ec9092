"""How other objects name an account: wholly, partly, or not at all once it is deleted."""

from dataclasses import dataclass
from typing import Self

from bitbucket.fields import Fields


@dataclass(frozen=True)
class AccountReference:
    """An account inside another object; every field is empty where the vendor leaves the account out."""

    account_id: str = ""
    uuid: str = ""
    display_name: str = ""

    @classmethod
    def parsed(cls, fields: Fields | None) -> Self:
        """From a `user` or `account` object, or from its absence."""
        if fields is None:
            return cls()
        return cls(fields.text_or("account_id"), fields.text_or("uuid"), fields.text_or("display_name"))
