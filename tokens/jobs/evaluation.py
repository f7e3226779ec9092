"""Looking anew at what follows from time passing: idle, overdue."""

from tokens.inventory.evaluation import evaluate_findings as evaluate
from workqueue.claims import Claim


def evaluate_findings(claim: Claim) -> None:
    """Evaluate everything that is known. No request is sent."""
    evaluate()
