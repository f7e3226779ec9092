"""All rules in the order in which they are asked: the surest first.

1. Sentences that only Bitbucket says.
2. A credential that was not accepted, by what stands around the refusal.
3. What no credential can change, and other hosts.
4. Keys, bare statuses, and sentences that many programs say.
"""

from typing import Final

from tokens.catalogue.diagnosis.model import Rule
from tokens.catalogue.diagnosis.rules_elsewhere import ELSEWHERE_RULES
from tokens.catalogue.diagnosis.rules_refused import REFUSED_RULES
from tokens.catalogue.diagnosis.rules_said import SAID_RULES
from tokens.catalogue.diagnosis.rules_status import STATUS_RULES

RULES: Final[tuple[Rule, ...]] = (*SAID_RULES, *REFUSED_RULES, *ELSEWHERE_RULES, *STATUS_RULES)
