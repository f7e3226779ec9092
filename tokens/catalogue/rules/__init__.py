"""What the catalogue can tell about a set of scopes. Pure functions, the same answer every time."""

from tokens.catalogue.rules.comparison import compare_scopes
from tokens.catalogue.rules.cover import can_be_issued_as, classic_cover
from tokens.catalogue.rules.lattice import api_reach, classic_reach, expand_classic, reduce_classic
from tokens.catalogue.rules.risk import may_be_issued_at_once, risk_of, risk_sentences
from tokens.catalogue.rules.wording import grouped, kind_from_credential_type, will_not_work, words_for

__all__ = [
    "api_reach",
    "can_be_issued_as",
    "classic_cover",
    "classic_reach",
    "compare_scopes",
    "expand_classic",
    "grouped",
    "kind_from_credential_type",
    "may_be_issued_at_once",
    "reduce_classic",
    "risk_of",
    "risk_sentences",
    "will_not_work",
    "words_for",
]
