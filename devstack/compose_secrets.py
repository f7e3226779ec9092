"""Writes the files that docker-compose.yml hands to the processes as secrets; never overwrites one.

Runs with any Python and nothing installed: python3 devstack/compose_secrets.py
"""

import base64
import secrets
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "secrets"
# Empty means "not connected"; whoever connects it puts the value in.
_TO_FILL = (
    "bitbucket_oauth_secret",
    "atlassian_audit_key",
    "audit_bot_token",
    "audit_workspace_token",
    "atlassian_revoke_key",
    "revoke_bot_token",
)


def main() -> None:
    """Make what is missing and say what is left to fill in."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    # Docker mounts each file with the mode it has here, and the container's user must read it:
    # the files are open, the folder around them is closed.
    FOLDER.chmod(0o700)
    database, redis = _kept("postgres_password"), _kept("redis_password")
    _kept("secret_key")
    _kept("fingerprint_peppers")
    # The seed of an Ed25519 private key; `manage.py signing_key` tells the public one.
    _write("audit_signing_key", base64.b64encode(secrets.token_bytes(32)).decode())
    _write("database_url", f"postgres://portal:{database}@postgres:5432/portal")
    _write("redis_url", f"redis://:{redis}@redis:6379/0")
    _write("email_url", "console://")
    for name in _TO_FILL:
        _write(name, "")
    empty = [name for name in _TO_FILL if not (FOLDER / name).read_text().strip()]
    print(f"Secrets are in {FOLDER}. Left to fill in: {', '.join([*empty, 'email_url'])}.")


def _kept(name: str) -> str:
    _write(name, secrets.token_hex(32))
    return (FOLDER / name).read_text().strip()


def _write(name: str, text: str) -> None:
    path = FOLDER / name
    if not path.exists():
        path.write_text(text)
        path.chmod(0o644)


if __name__ == "__main__":
    main()
