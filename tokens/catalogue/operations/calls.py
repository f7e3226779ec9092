"""Which operations a pasted text means: REST calls, curl lines, logs, scripts, git commands.

What cannot be told is named as unknown, with the reason; nothing is guessed.
"""

from collections.abc import Collection
from typing import Final

from tokens.catalogue.masking import mask
from tokens.catalogue.operations.addresses import API_HOSTS
from tokens.catalogue.operations.line import calls_of
from tokens.catalogue.operations.meanings import Reading
from tokens.catalogue.operations.mentions import FIRST_LINE, HOST_LINE
from tokens.catalogue.operations.model import Call
from tokens.catalogue.operations.table import GIT_LOCAL
from tokens.catalogue.operations.variables import values_in
from tokens.catalogue.operations.words import lines_of
from tokens.catalogue.pasted import mask_pasted

NO_CALL: Final = "no call was found in this line"
TOO_LONG: Final = "this line is too long to be read"
LONGEST_LINE: Final = 10_000
# How many headers may stand between the first line of a request and its host.
_HEADERS_BEFORE_HOST: Final = 8


def read_calls(text: str, *, api_hosts: Collection[str] = API_HOSTS) -> list[Call]:
    """One or more calls for every line that is not empty; the masker runs first. Never raises.

    Args:
        text: one REST call, curl line or git command a line; a trailing backslash joins a line with the next.
        api_hosts: hosts that serve Bitbucket's REST API below `/2.0`.
    """
    return [
        call for line, found in _read(text, api_hosts) for call in found or [Call(line, "unknown", because=NO_CALL)]
    ]


def find_calls(text: str, *, api_hosts: Collection[str] = API_HOSTS) -> tuple[list[Call], int]:
    """The calls of a log or script, where most lines are something else.

    Returns:
        The calls, local git commands left out, and how many lines held none.
    """
    calls: list[Call] = []
    skipped = 0
    for _, all_found in _read(text, api_hosts):
        found = [call for call in all_found if not is_local_git(call)]
        calls += found
        skipped += not found
    return calls, skipped


def is_local_git(call: Call) -> bool:
    """Whether a call is a git command that never leaves the machine."""
    return call.operation is GIT_LOCAL


def _read(text: str, api_hosts: Collection[str]) -> list[tuple[str, list[Call]]]:
    lines = _masked_lines(text)
    reading = Reading(api_hosts, values_in(lines))
    return [(line, _calls_of(line, reading, _host_below(lines, place))) for place, line in enumerate(lines)]


def _calls_of(line: str, reading: Reading, host: str) -> list[Call]:
    if len(line) > LONGEST_LINE:
        return [Call(line, "unknown", because=TOO_LONG)]
    return calls_of(line, reading, host=host)


def _masked_lines(text: str) -> list[str]:
    """The lines without a secret. Masked twice: a secret may stand on the line that a joined one goes on with."""
    joined = "\n".join(lines_of(mask_pasted(text)))
    return [line for line in mask(joined).split("\n") if line.strip()]


def _host_below(lines: list[str], place: int) -> str:
    """The host that a request goes to whose first line stands at `place`; empty where no header below names it."""
    if not FIRST_LINE.search(lines[place]):
        return ""
    for line in lines[place + 1 : place + 1 + _HEADERS_BEFORE_HOST]:
        found = HOST_LINE.search(line)
        if found:
            return found["host"]
    return ""
