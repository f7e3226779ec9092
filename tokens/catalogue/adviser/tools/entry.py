"""How an entry of the tool list is written down."""

from datetime import date
from typing import Final, Literal

from tokens.catalogue.adviser.model import Tool, ToolCall, UsedBy
from tokens.catalogue.data.api_scopes import SUFFIX

SEEN_ON: Final = date(2026, 11, 24)
"""The day the sources of this edition were read."""

AskDialect = Literal["classic", "api_token", ""]


def needs(why: str, *calls: str) -> tuple[ToolCall, ...]:
    """Calls that a tool always makes, for one reason."""
    return tuple(ToolCall(call, why) for call in calls)


def may_need(why: str, *calls: str) -> tuple[ToolCall, ...]:
    """Calls that a tool makes only with the setting or the use that `why` names."""
    return tuple(ToolCall(call, why, optional=True) for call in calls)


def tool(
    slug: str,
    name: str,
    words: str,
    used_by: UsedBy,
    *calls: tuple[ToolCall, ...],
    source: str,
    asks: str = "",
    asks_dialect: AskDialect = "",
    asks_source: str = "",
    note: str = "",
) -> Tool:
    """One tool.

    Args:
        calls: what `needs` and `may_need` return.
        asks: scope names separated by spaces; those of API tokens without their common ending.
    """
    ending = SUFFIX if asks_dialect == "api_token" else ""
    return Tool(
        slug=slug,
        name=name,
        words=words,
        used_by=used_by,
        calls=tuple(call for group in calls for call in group),
        source=source,
        seen_on=SEEN_ON,
        asks=tuple(scope + ending for scope in asks.split()),
        asks_dialect=asks_dialect,
        asks_source=asks_source,
        note=note,
    )
