"""Why git, curl, a build or an IDE was refused: the cause in words, and what to do now. Pure; keeps nothing."""

from tokens.catalogue.diagnosis.answer import diagnosis_as_json
from tokens.catalogue.diagnosis.engine import diagnose, shown_text
from tokens.catalogue.diagnosis.model import CAUSES, Action, Alternative, Cause, Diagnosis, ScopeGap

__all__ = [
    "CAUSES",
    "Action",
    "Alternative",
    "Cause",
    "Diagnosis",
    "ScopeGap",
    "diagnose",
    "diagnosis_as_json",
    "shown_text",
]
