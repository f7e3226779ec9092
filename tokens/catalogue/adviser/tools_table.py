"""The page about tools, worked out from their calls.

Written by `python -m tokens.catalogue.adviser.tools_table > docs/tools.md`.
"""

import sys
from collections.abc import Iterable
from typing import Final

from tokens.catalogue.adviser.model import Tool, UsedBy
from tokens.catalogue.adviser.needs import needs_of, wanted_by_tool
from tokens.catalogue.adviser.tools import TOOLS
from tokens.catalogue.data.api_scopes import SUFFIX
from tokens.catalogue.model import Difference
from tokens.catalogue.rules.lattice import api_reach

_INTRODUCTION: Final = """\
# Tools that people connect

What each tool's calls need, in scopes of API tokens (all end in `:bitbucket`), and what its own documentation asks for.
This page is worked out from `tokens/catalogue/adviser/tools/`, where each entry says which call is made for what.
Change it there and write the page anew with `python -m tokens.catalogue.adviser.tools_table > docs/tools.md`.

*Also, with options* is what settings and uses add that not everybody has. *Compared* holds what a tool asks for
against all calls that are known of it, options included; what is asked for in the classic dialect counts with
everything that it reaches. Where the code is closed or was not read, the notes below the table say so.
"""
_HEAD: Final = (
    "tool",
    "held by",
    "needs",
    "also, with options",
    "its documentation asks for",
    "compared",
    "read in",
)
_HELD_BY: Final[dict[UsedBy, str]] = {"person": "a person", "machine": "a machine", "pipelines": "Bitbucket itself"}
_NOTHING: Final = "-"


def tools_page() -> str:
    """The whole page as Markdown: the table and what else matters about each tool."""
    notes = (f"- **{tool.name}.** {tool.note}" for tool in _by_name() if tool.note)
    return "\n".join((_INTRODUCTION, tools_table(), "", "## What else matters", "", *notes, ""))


def tools_table() -> str:
    """The table as Markdown, one tool a line in the order of their names."""
    lines = (_HEAD, ("---",) * len(_HEAD), *(_row(tool) for tool in _by_name()))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def needed_by(tool: Tool, *, with_optional: bool = False) -> frozenset[str]:
    """The API-token scopes that a tool's calls need."""
    return frozenset(needs_of(wanted_by_tool(tool, with_optional=with_optional)).api_token_scopes)


def asks_compared(tool: Tool) -> Difference | None:
    """What a tool's documentation asks for too much (`excess`) and too little (`missing`), as API-token scopes.

    Measured against all its calls, those behind settings included. Returns None where it asks for nothing or where its
    calls are not known.
    """
    if not tool.asks or not tool.calls:
        return None
    asked = api_reach(tool.asks)
    needed = needed_by(tool, with_optional=True)
    return Difference(missing=tuple(sorted(needed - asked)), excess=tuple(sorted(asked - needed)))


def _by_name() -> list[Tool]:
    return sorted(TOOLS, key=lambda tool: tool.name.casefold())


def _row(tool: Tool) -> tuple[str, ...]:
    needed = needed_by(tool)
    optional = needed_by(tool, with_optional=True) - needed
    return (
        tool.name,
        _HELD_BY[tool.used_by],
        _scopes(sorted(needed)),
        _scopes(sorted(optional)),
        _asks(tool),
        _compared(asks_compared(tool)),
        f"[source]({tool.source}), {tool.seen_on:%Y-%m-%d}",
    )


def _asks(tool: Tool) -> str:
    return f"{_scopes(tool.asks)} ([page]({tool.asks_source}))" if tool.asks else _NOTHING


def _compared(difference: Difference | None) -> str:
    if difference is None:
        return _NOTHING
    if difference.is_exact:
        return "exact"
    parts = (("more", difference.excess), ("less", difference.missing))
    return "; ".join(f"{word}: {_scopes(scopes)}" for word, scopes in parts if scopes)


def _scopes(names: Iterable[str]) -> str:
    return " ".join(f"`{name.removesuffix(SUFFIX)}`" for name in names) or _NOTHING


if __name__ == "__main__":
    sys.stdout.write(tools_page())
