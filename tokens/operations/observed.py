"""What one observation changed, in numbers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Observed:
    """Counts of one call.

    Attributes:
        found: new rows of what nobody asked for here.
        bound: entries that carry the code of something approved. A deploy key is bound at once; an API token is handed
            to a search that reads every entry with that code, because a decoy may stand on another page.
        refreshed: entries that were known.
        ended: what a complete list lacked.
        returned: what counted as ended and is listed again.
    """

    found: int = 0
    bound: int = 0
    refreshed: int = 0
    ended: int = 0
    returned: int = 0
