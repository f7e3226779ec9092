"""What a portal that runs against this sandbox needs in its environment."""

from datetime import UTC, datetime

from sandbox import cast, keys, seed
from sandbox.options import Options


def environment_for(options: Options, base_url: str) -> dict[str, str]:
    """Give the names and values; every secret among them is a demo value that carries the word SANDBOX.

    Args:
        options: the sandbox's options; the values depend on the seed only.
        base_url: where the sandbox answers, without a slash at the end.
    """
    number = options.seed
    people = {one.key: one for one in seed.accounts(options, datetime.now(UTC))}
    return {
        "DEMO": "1",
        "BITBUCKET_WEB_URL": base_url,
        "BITBUCKET_API_URL": f"{base_url}/2.0",
        "ATLASSIAN_API_URL": base_url,
        "ATLASSIAN_ID_URL": base_url,
        "BITBUCKET_WORKSPACES": keys.braced(number, "workspace", cast.WORKSPACE),
        "BITBUCKET_OAUTH_KEY": seed.consumer(options).key,
        "BITBUCKET_OAUTH_SECRET": seed.demo_value(number, "oauth-secret"),
        "ATLASSIAN_ORG_ID": keys.stable_uuid(number, "organisation"),
        "ATLASSIAN_DIRECTORY_ID": keys.stable_uuid(number, "directory"),
        "ATLASSIAN_AUDIT_KEY": seed.demo_value(number, "audit-key"),
        "AUDIT_BOT_EMAIL": people["audit-bot"].email,
        "AUDIT_BOT_TOKEN": seed.demo_value(number, "audit-bot"),
        "ATLASSIAN_REVOKE_KEY": seed.demo_value(number, "revoke-key"),
        "REVOKE_BOT_EMAIL": people["revoke-bot"].email,
        "REVOKE_BOT_TOKEN": seed.demo_value(number, "revoke-bot"),
        "PORTAL_ADMINS": f"{people['ada'].account_id},{people['max'].account_id}",
        "PORTAL_AUDITORS": people["otto"].account_id,
    }
