"""The colours of the badges: what a machine proved never looks like what a person said."""

from offboarding.coverage import Covered
from offboarding.report.page import BADGE_WIDTH, DANGER, Colour

Tint = tuple[Colour, Colour]
# Where words stand beside a badge.
INDENT = BADGE_WIDTH + 4
_GOOD: Tint = ((14, 98, 45), (220, 243, 228))
_CAUTION: Tint = ((122, 78, 0), (253, 240, 208))
NEUTRAL: Tint = ((71, 84, 103), (234, 236, 241))
_DANGER: Tint = (DANGER, (253, 226, 223))
TINTS: dict[Covered, Tint] = {
    Covered.PROVEN: _GOOD,
    Covered.NOTHING: NEUTRAL,
    Covered.DISABLED: ((38, 66, 168), (226, 232, 253)),
    Covered.ATTESTED: _CAUTION,
    Covered.KEPT: ((95, 51, 148), (239, 230, 251)),
    Covered.FORCED: _DANGER,
    Covered.OPEN: _DANGER,
    Covered.IMPOSSIBLE: NEUTRAL,
}
