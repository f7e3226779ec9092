"""Rows of this room."""

from offboarding.models.order import Order
from offboarding.models.plan import Countersign, Origin, Plan
from offboarding.models.step import Evidence, KeyDecision, RotateItem, Step, Verdict

__all__ = ["Countersign", "Evidence", "KeyDecision", "Order", "Origin", "Plan", "RotateItem", "Step", "Verdict"]
