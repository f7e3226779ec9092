"""What a page with lines to copy is made of."""

from dataclasses import dataclass

PLACEHOLDER = "YOUR_TOKEN"


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
