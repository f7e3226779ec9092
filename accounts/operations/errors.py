"""What an operation answers when it cannot do what it was asked."""


class NotPossible(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """The thing asked for does not fit what is there; the text is a sentence for the person who asked."""
