"""The answer that scripts rely on."""

from typing import Any

from tokens.catalogue.diagnosis.model import Diagnosis


def diagnosis_as_json(diagnosis: Diagnosis) -> dict[str, Any]:
    """A diagnosis as the stable outside contract has it: exactly `cause`, `title`, `remedy` and `missing_scopes`."""
    return {
        "cause": diagnosis.cause,
        "title": diagnosis.title,
        "remedy": diagnosis.remedy,
        "missing_scopes": list(diagnosis.missing_scopes),
    }
