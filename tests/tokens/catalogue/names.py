"""Short names for long scope names."""


def api(shorts: str) -> frozenset[str]:
    """API-token scopes from their short names, separated by spaces."""
    return frozenset(f"{short}:bitbucket" for short in shorts.split())
