"""OAuth codes and tokens that were given out; in memory only, known by their digests."""

import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox import keys

CODE_LIFE = timedelta(minutes=10)
ACCESS_LIFE = timedelta(seconds=7200)
REFRESH_LIFE = timedelta(days=90)


@dataclass(frozen=True)
class Grant:
    """What a person allowed the consumer; `redirect_uri` binds a code to where it was sent."""

    account_id: str
    scopes: tuple[str, ...]
    redirect_uri: str
    expires_at: datetime


class Grants:
    """Codes (one use), access tokens (two hours) and refresh tokens (rotated at every use)."""

    def __init__(self) -> None:
        """Start with nothing given out."""
        self._lock = threading.Lock()
        self._kept: dict[str, dict[str, Grant]] = {"code": {}, "access": {}, "refresh": {}}

    def give_code(self, account_id: str, scopes: tuple[str, ...], redirect_uri: str, now: datetime) -> str:
        """Make an authorization code."""
        return self._give("code", secrets.token_urlsafe(18), Grant(account_id, scopes, redirect_uri, now + CODE_LIFE))

    def give_tokens(self, grant: Grant, now: datetime) -> tuple[str, str]:
        """Make an access token and its refresh token."""
        access = Grant(grant.account_id, grant.scopes, "", now + ACCESS_LIFE)
        refresh = Grant(grant.account_id, grant.scopes, "", now + REFRESH_LIFE)
        return (
            self._give("access", secrets.token_urlsafe(48), access),
            self._give("refresh", secrets.token_urlsafe(24), refresh),
        )

    def take(self, kind: str, value: str, now: datetime) -> Grant | None:
        """Use up a code or a refresh token; None when it is unknown, used or too old."""
        with self._lock:
            grant = self._kept[kind].pop(keys.digest(value), None)
        return grant if grant is not None and grant.expires_at > now else None

    def access(self, value: str, now: datetime) -> Grant | None:
        """Find a living access token."""
        grant = self._kept["access"].get(keys.digest(value))
        return grant if grant is not None and grant.expires_at > now else None

    def end_all(self, account_id: str) -> None:
        """Take away every grant of a person."""
        with self._lock:
            for kept in self._kept.values():
                for value in [digest for digest, grant in kept.items() if grant.account_id == account_id]:
                    del kept[value]

    def _give(self, kind: str, value: str, grant: Grant) -> str:
        with self._lock:
            self._kept[kind][keys.digest(value)] = grant
        return value
