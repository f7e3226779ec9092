"""Every pair of colours that meets on a page is readable, in light and in dark."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEXT, EDGE = 4.5, 3.0
TONES = ("good", "caution", "danger")
PAIRS = [
    *((text, ground, TEXT) for text in ("text", "soft", "accent") for ground in ("page", "card", "sunken", "hover")),
    *((tone, f"{tone}-tint", TEXT) for tone in (*TONES, "accent")),
    *(("text", f"{tone}-tint", TEXT) for tone in (*TONES, "accent")),
    *((tone, ground, TEXT) for tone in TONES for ground in ("page", "card")),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    ("accent-strong", "accent-tint", TEXT),
    ("on-danger", "danger", TEXT),
    ("on-danger", "danger-strong", TEXT),
    ("line-strong", "card", EDGE),
    ("line-strong", "page", EDGE),
]


def palette() -> dict[str, tuple[str, str]]:
    """Name → (light, dark) of each token that has both."""
    text = (Path(settings.BASE_DIR) / "static/css/variables.css").read_text()
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", text)
    return {name: (light, dark) for name, light, dark in found}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_pair_is_readable(front: str, ground: str, least: float, scheme: int) -> None:
    colours = palette()
    darker, lighter = sorted(luminance(colours[name][scheme]) for name in (front, ground))
    assert (lighter + 0.05) / (darker + 0.05) >= least
