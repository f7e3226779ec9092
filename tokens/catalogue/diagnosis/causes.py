"""Every piece of advice by its slug. The one of a cause itself has the cause's name."""

from typing import Final

from tokens.catalogue.diagnosis.advice_access import ACCESS_ADVICE
from tokens.catalogue.diagnosis.advice_elsewhere import ELSEWHERE_ADVICE
from tokens.catalogue.diagnosis.advice_keys import KEY_ADVICE
from tokens.catalogue.diagnosis.advice_other import OTHER_ADVICE
from tokens.catalogue.diagnosis.advice_refused import REFUSED_ADVICE
from tokens.catalogue.diagnosis.advice_workspace import WORKSPACE_ADVICE
from tokens.catalogue.diagnosis.model import Advice, Cause

ADVICE: Final[dict[str, Advice]] = {
    advice.slug: advice
    for advice in (*REFUSED_ADVICE, *ACCESS_ADVICE, *KEY_ADVICE, *WORKSPACE_ADVICE, *ELSEWHERE_ADVICE, *OTHER_ADVICE)
}


def title_of(cause: Cause) -> str:
    """The cause in words, where nothing more precise is known."""
    return ADVICE[cause].title
