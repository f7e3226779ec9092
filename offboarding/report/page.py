"""The sheet the report is drawn on: its type, colours and the few shapes that it needs."""

from collections.abc import Sequence
from datetime import datetime

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from offboarding.report.letters import BOLD, REGULAR, SPELLED_MARK, SPELLED_NOTE, spelled

Colour = tuple[int, int, int]
TEXT: Colour = (16, 24, 40)
SOFT: Colour = (84, 94, 112)
LINE: Colour = (221, 225, 234)
RAISED: Colour = (247, 248, 251)
DANGER: Colour = (180, 35, 24)
DANGER_TINT: Colour = (254, 243, 242)
MARGIN, WIDTH, BOTTOM = 18.0, 174.0, 20.0
BADGE_WIDTH, BADGE_HEIGHT = 19.0, 4.6
SMALL, BODY, HEAD, TITLE = 8.0, 9.0, 12.0, 20.0
_LEADING = 0.46  # millimetres of a line for each point of type


class Sheet(FPDF):
    """A4, with a foot on every page.

    Args:
        foot: what stands left in the foot.
        at: the moment that the document says it was made at; the same input and moment give the same bytes.
    """

    def __init__(self, foot: str, *, title: str, at: datetime) -> None:
        super().__init__(format="A4", unit="mm")
        self.foot, self.is_spelled = foot, False
        self.set_creation_date(at)
        self.set_title(title)
        self.set_creator("Credential Portal")
        self.set_lang("en")
        self.set_margins(MARGIN, MARGIN)
        self.c_margin = 0  # words begin where rules and boxes do
        self.set_auto_page_break(True, BOTTOM)
        self.add_font("text", "", REGULAR)
        self.add_font("text", "B", BOLD)
        shapes = [font.cmap for font in self.fonts.values() if isinstance(font, TTFFont)]
        self.letters = frozenset(shapes[0]).intersection(*shapes[1:])
        self.add_page()

    def footer(self) -> None:
        """What every page ends with."""
        self.set_y(-13)
        self.draw_rule()
        self.ink(SMALL - 1, SOFT)
        self.cell(WIDTH, 5, f"{self.page_no()} of {{nb}} · {self.shown(self.foot)}")
        if self.is_spelled:
            self.set_xy(MARGIN, -9)
            self.cell(WIDTH, 4, SPELLED_NOTE)

    def shown(self, text: str) -> str:
        """The text in letters that the font has."""
        said = spelled(text, self.letters)
        self.is_spelled = self.is_spelled or (said != text and SPELLED_MARK in said)
        return said

    def ink(self, size: float, colour: Colour = TEXT, *, bold: bool = False) -> None:
        """What the next words are set in."""
        self.set_font("text", "B" if bold else "", size)
        self.set_text_color(*colour)

    def draw_rule(self) -> None:
        """A thin line over the whole width."""
        self.set_draw_color(*LINE)
        self.set_line_width(0.2)
        self.line(MARGIN, self.get_y(), MARGIN + WIDTH, self.get_y())
        self.ln(1)

    def words(
        self,
        text: str,
        *,
        size: float = BODY,
        colour: Colour = TEXT,
        bold: bool = False,
        left: float = 0.0,
        width: float = 0.0,
    ) -> None:
        """Words that wrap, from ``left`` of the margin; the next thing comes below."""
        self.ink(size, colour, bold=bold)
        self.set_x(MARGIN + left)
        height = size * _LEADING
        said = self.shown(text)
        self.multi_cell(width or WIDTH - left, height, said, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def height_of(self, text: str, *, size: float, width: float, bold: bool = False) -> float:
        """How high these words would be, in millimetres."""
        self.ink(size, bold=bold)
        line = size * _LEADING
        height = self.multi_cell(width, line, self.shown(text), align="L", dry_run=True, output="HEIGHT")
        return height if isinstance(height, float) else 0.0

    def head(self, text: str, *, room: float = 30.0) -> None:
        """A section's title, never alone at the foot of a page."""
        self.ln(4)
        self.keep(room)
        self.words(text, size=HEAD, bold=True)
        self.ln(1.5)

    def keep(self, height: float) -> None:
        """Go on with the next page where this much does not fit any more."""
        if self.will_page_break(height):
            self.add_page()

    def badge(self, label: str, tint: tuple[Colour, Colour], *, left: float = 0.0) -> None:
        """A word on a tint, at this height; the pen stays where it is."""
        x, y = MARGIN + left, self.get_y()
        ink, ground = tint
        self.set_fill_color(*ground)
        self.rect(x, y, BADGE_WIDTH, BADGE_HEIGHT, style="F", round_corners=True, corner_radius=1)
        self.ink(SMALL - 0.5, ink, bold=True)
        self.set_xy(x, y)
        self.cell(BADGE_WIDTH, BADGE_HEIGHT, label, align="C")
        self.set_xy(MARGIN, y)

    def facts(self, rows: Sequence[tuple[str, str]]) -> None:
        """Names and what is known, below each other."""
        for name, value in rows:
            self.keep(6)
            y = self.get_y()
            self.words(name, colour=SOFT, width=32)
            below = self.get_y()
            self.set_y(y)
            self.words(value, left=34)
            self.set_y(max(below, self.get_y()) + 0.6)
