"""Rows of an invented company of any size, always the same ones: for measuring, and for looking at full pages."""

from tokens.inventory.scale.events import add_events
from tokens.inventory.scale.seeding import ACCOUNT_PREFIX, Scale, Seeded, seed

__all__ = ["ACCOUNT_PREFIX", "Scale", "Seeded", "add_events", "seed"]
