"""What the other side may answer instead of doing what was asked: for good, or for now."""

from typing import Any

PERMANENT: dict[str, dict[str, Any]] = {
    "404": {"kind": "status", "status": 404},
    "401": {"kind": "status", "status": 401},
    "403": {"kind": "status", "status": 403},
    "410": {"kind": "status", "status": 410},
    "lost admin": {"kind": "lost_admin"},
}
TRANSIENT: dict[str, dict[str, Any]] = {
    "429": {"kind": "status", "status": 429, "retry_after": "30"},
    "500": {"kind": "status", "status": 500},
    "503": {"kind": "status", "status": 503},
    "html": {"kind": "html"},
    "malformed": {"kind": "malformed"},
    "empty": {"kind": "empty"},
    "truncated": {"kind": "truncated"},
}
