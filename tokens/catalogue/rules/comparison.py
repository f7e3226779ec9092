"""Approved against granted."""

from collections.abc import Iterable

from tokens.catalogue.model import Difference
from tokens.catalogue.rules.lattice import expand_classic


def compare_scopes(approved: Iterable[str], granted: Iterable[str]) -> Difference:
    """What the credential lacks and what it has too much.

    API-token scopes are compared as they stand, since none implies another. Classic ones are compared with
    all that they stand for, so that `pullrequest` is no lack of `repository`.
    """
    wanted, found = expand_classic(approved), expand_classic(granted)
    return Difference(missing=tuple(sorted(wanted - found)), excess=tuple(sorted(found - wanted)))
