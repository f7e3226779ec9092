"""What goes wrong on a developer's machine, in words that say what to do."""


class StackError(Exception):
    """Something the person at the keyboard can put right. Its text is one plain sentence."""
