"""Pure decisions: who may plan or start what alone, when a second admin is needed, when things are due."""

from datetime import timedelta

# More than this many starts in a rolling day, over all channels, need a second admin: a runaway script, or a revenge.
STARTS_A_DAY = 5
STARTS_WINDOW = timedelta(hours=24)
# Of one service token; a list of a thousand is one.
API_REQUESTS_AN_HOUR = 600
RECHECKS = (timedelta(hours=24), timedelta(days=7))
DECIDE_KEYS_WITHIN = timedelta(days=3)
MEMBERSHIP_WITHIN = timedelta(days=3)
HAND_OVER_WITHIN = timedelta(days=5)
ROTATE_WITHIN = timedelta(days=7)
# The last pass asks again at so many places that groups open. Beyond that it asks only where more is reached than
# before, and the statement says so.
ASKED_AGAIN_AT_MOST = 300

IS_A_BOT = "This is the portal's own machine account. It cannot be offboarded: give the portal another one first."
IS_ONESELF = "whoever starts it is the leaver"
IS_LAST_ADMIN = "it is the portal's last admin"
IS_MASS_START = f"more than {STARTS_A_DAY} offboardings would start within 24 hours"


def why_second_admin(*, is_oneself: bool, is_last_admin: bool, starts_lately: int) -> str:
    """Why a start needs a second admin; empty where it does not.

    Args:
        is_oneself: whether the leaver is who starts it.
        is_last_admin: whether no other admin of the portal would be left.
        starts_lately: plans started within `STARTS_WINDOW`, over all channels.
    """
    reasons = [
        words
        for holds, words in (
            (is_oneself, IS_ONESELF),
            (is_last_admin, IS_LAST_ADMIN),
            (starts_lately >= STARTS_A_DAY, IS_MASS_START),
        )
        if holds
    ]
    return " and ".join(reasons)
