"""Several management commands in one process: the start of Django is the dearest part of each.

Run as `python -m devstack.prepare COMMAND [COMMAND …]`, for commands without arguments.
"""

import os
import sys

import django
from django.core.management import call_command


def main(commands: list[str]) -> None:
    """Run commands one after the other.

    Args:
        commands: names of management commands.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    for command in commands:
        call_command(command, interactive=False) if command in _ASKING else call_command(command)


_ASKING = {"migrate", "collectstatic"}

if __name__ == "__main__":
    main(sys.argv[1:])
