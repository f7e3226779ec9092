"""Lines to copy, as pages show them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Snippet:
    """One thing to copy: ``words`` above it say what it does."""

    name: str
    language: str
    text: str
    words: str = ""


@dataclass(frozen=True)
class Section:
    """Snippets of one tool."""

    slug: str
    title: str
    lead: str
    snippets: tuple[Snippet, ...]
