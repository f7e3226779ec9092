"""What can be done at once: the advice's actions, filled in with what the pasted text is about."""

import re
from dataclasses import dataclass, replace
from typing import Final

from tokens.catalogue.data import SCOPE_BY_NAME
from tokens.catalogue.diagnosis.actions import GET_ACCESS
from tokens.catalogue.diagnosis.model import Action, Advice, ScopeGap
from tokens.catalogue.diagnosis.reading import Reading
from tokens.catalogue.diagnosis.signs import HOST

_ADDRESS: Final = re.compile(
    rf"(?:(?P<protocol>https?)://(?:[^\s/@]{{1,200}}@)?|(?:ssh://)?git@)(?P<host>{HOST})[/:]"
    r"(?!2\.0/|api/|site/|account/|rest/)(?P<path>[\w.-]{1,100}/[\w.-]{1,100}?)(?:\.git)?(?=[\s/'\":),;?]|$)"
)
_OTHER_NAMES: Final = re.compile(r"^(?:ssh|altssh|www)\.")
_PUSH: Final = ("read:repository:bitbucket", "write:repository:bitbucket")


@dataclass(frozen=True, slots=True)
class Place:
    """The repository that a text is about; capitals where it does not say."""

    protocol: str = "https"
    host: str = "bitbucket.org"
    path: str = "WORKSPACE/REPOSITORY.git"

    def fill(self, line: str) -> str:
        """A line to copy with the place filled in."""
        for name, value in (
            ("{protocol}", self.protocol),
            ("{host}", self.host),
            ("{path}", self.path),
            ("{address}", f"{self.host}/{self.path}"),
        ):
            line = line.replace(name, value)
        return line


def actions_for(advice: Advice, gap: ScopeGap | None, reading: Reading) -> tuple[Action, ...]:
    """The actions of an advice for this text. Scopes are asked for only where it is known which."""
    place = _place_in(reading)
    found: list[Action] = []
    for action in advice.actions:
        if action.kind == "request_scopes":
            found += _requests(action, gap)
        else:
            found.append(replace(action, value=place.fill(action.value)))
    return tuple(found)


def _requests(action: Action, gap: ScopeGap | None) -> list[Action]:
    """One action for what is missing, and a second one that keeps what the credential has: scopes cannot be added."""
    wanted = _offered(gap.api_token if gap else _PUSH)
    if not wanted:
        return [GET_ACCESS]
    asked = [replace(action, value=",".join(wanted))]
    kept = _offered((gap.granted or ()) if gap else ())
    if kept and not set(kept) <= set(wanted):
        both = ",".join(sorted({*wanted, *kept}))
        asked.append(Action("request_scopes", "Ask for these and what it has today", both))
    return asked


def _offered(names: tuple[str, ...]) -> list[str]:
    """Those that an API token can be given today."""
    known = (SCOPE_BY_NAME[name] for name in names if name in SCOPE_BY_NAME)
    return [scope.name for scope in known if scope.dialect == "api_token" and scope.removed_on is None]


def _place_in(reading: Reading) -> Place:
    match = _ADDRESS.search(reading.text)
    if match is None:
        return Place()
    return Place(
        protocol=match["protocol"] or "https",
        host=_OTHER_NAMES.sub("", match["host"]),
        path=f"{match['path']}.git",
    )
