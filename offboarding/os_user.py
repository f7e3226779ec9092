"""Who sits at the server, as the operating system knows it."""

import os
import pwd


def os_user() -> str:
    """The account this process runs as and, under sudo, who called it.

    The account is asked of the system: what the environment says of it, anybody can set.
    """
    number = os.getuid()
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:  # a container may run as a number without a name
        name = f"account number {number}"
    before = "".join(letter for letter in os.environ.get("SUDO_USER", "") if letter.isprintable())[:64]
    return f"{name}, by sudo of {before}" if before and before != name else name
