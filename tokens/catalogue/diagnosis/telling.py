"""Writing advice down as one reads it: what happened, then a list of what to do."""

from inspect import cleandoc


def told(text: str) -> tuple[str, ...]:
    """The pieces of a text: what stands before the first line that begins with a hyphen, then each such item."""
    pieces = f"\n{cleandoc(text)}".split("\n- ")
    return tuple(" ".join(piece.split()) for piece in pieces)
