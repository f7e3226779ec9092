"""The portal's environment: which process is given which variable, here and in docker-compose.yml."""

import os
from collections.abc import Mapping

COMMON = (
    "SECRET_KEY",
    "DATABASE_URL",
    "REDIS_URL",
    "PORTAL_URL",
    "ALLOWED_HOSTS",
    "TRUSTED_PROXIES",
    "PORTAL_ADMINS",
    "PORTAL_AUDITORS",
    "EMAIL_URL",
    "EMAIL_FROM",
    "LOG_LEVEL",
    "BITBUCKET_WEB_URL",
    "BITBUCKET_SSH_URL",
    "BITBUCKET_API_URL",
    "ATLASSIAN_API_URL",
    "ATLASSIAN_ID_URL",
    "BITBUCKET_WORKSPACES",
    "OUTBOUND_PROXY",
    "CA_BUNDLE",
    "DEMO",
    "REQUEST_LAPSES_AFTER_DAYS",
    "INVENTORY_MODE",
    "BASELINE_DAYS",
    "KEY_OVERLAP_DAYS",
    "IDLE_AFTER_DAYS",
    "INVENTORY_MAX_AGE_HOURS",
    "OFFBOARDING_ACCOUNT",
    "BITBUCKET_REQUESTS_PER_HOUR",
    "ORGANISATION_REQUESTS_PER_HOUR",
    # Not secret, and every process must know whether the organisation is connected.
    "ATLASSIAN_ORG_ID",
    "ATLASSIAN_DIRECTORY_ID",
    # Not secret either: whose hourly limit it is, and whose tokens are the portal's own.
    "AUDIT_BOT_EMAIL",
    "REVOKE_BOT_EMAIL",
)
OWN = {
    "web": (
        "BITBUCKET_OAUTH_KEY",
        "BITBUCKET_OAUTH_SECRET",
        "FINGERPRINT_PEPPERS",
        "PORTAL_BIND",
        "WEB_WORKERS",
        "WEB_THREADS",
    ),
    "worker": ("ATLASSIAN_AUDIT_KEY", "AUDIT_BOT_TOKEN", "AUDIT_WORKSPACE_TOKEN", "AUDIT_SIGNING_KEY"),
    "worker-revoke": ("ATLASSIAN_REVOKE_KEY", "REVOKE_BOT_TOKEN"),
    "beat": (),
    "cli": (),
}
SECRETS = frozenset(
    {
        "SECRET_KEY",
        "DATABASE_URL",
        "REDIS_URL",
        "EMAIL_URL",
        "BITBUCKET_OAUTH_SECRET",
        "FINGERPRINT_PEPPERS",
        "ATLASSIAN_AUDIT_KEY",
        "AUDIT_BOT_TOKEN",
        "AUDIT_WORKSPACE_TOKEN",
        "AUDIT_SIGNING_KEY",
        "ATLASSIAN_REVOKE_KEY",
        "REVOKE_BOT_TOKEN",
    }
)
ALL = frozenset(COMMON).union(*OWN.values())


def environment_of(process: str, values: Mapping[str, str]) -> dict[str, str]:
    """Give one process's whole environment.

    Args:
        process: web, worker, worker-revoke, beat or cli.
        values: all of the portal's variables.

    Returns:
        The machine's own variables, without any of the portal's that happen to be set there, and of `values`
        what this process is given. Names that are not the portal's (extras of a test) go to every process.
    """
    others = {name for names in OWN.values() for name in names} - set(OWN[process])
    given = {name: value for name, value in values.items() if name not in others}
    return {**of_the_machine(), **given, "PORTAL_PROCESS": process, "PYTHONUNBUFFERED": "1"}


def of_the_machine() -> dict[str, str]:
    """Give our own environment without any of the portal's variables, for what is not the portal."""
    ours = ALL | {f"{name}_FILE" for name in ALL} | {"PORTAL_PROCESS", "DJANGO_SETTINGS_MODULE"}
    return {name: value for name, value in os.environ.items() if name not in ours}
