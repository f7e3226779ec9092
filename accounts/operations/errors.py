"""What an operation answers when it cannot do what it was asked."""


class NotPossible(Exception):
    """The thing asked for does not fit what is there; the text is a sentence for the person who asked."""
