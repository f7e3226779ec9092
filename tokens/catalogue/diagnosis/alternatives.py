"""What else a text could mean, and what would tell: shared by the rules."""

from typing import Final

from tokens.catalogue.diagnosis.model import Alternative

CACHED: Final = Alternative(
    "cached_old_credential",
    (
        "You replaced the secret a moment ago, or git fails without asking you for a password: a key store sends the"
        " old one."
    ),
)
ENDED: Final = Alternative(
    "token_invalid_or_expired",
    "The credential is shown as expired or revoked in its list, or asking /2.0/user with it answers 401.",
)
UNSCOPED: Final = Alternative(
    "unscoped_token",
    "At Atlassian, the token's entry says nothing of scopes: it was made with “Create API token” instead of “Create API"
    " token with scopes”. Bitbucket's answer is the same.",
)
BEARER: Final = Alternative(
    "bearer_instead_of_basic",
    (
        "The tool has one field for a token and none for a user name: it sends a Bearer header, which API tokens do"
        " not fit."
    ),
)
WRONG_USER: Final = Alternative(
    "wrong_username",
    "The token works when you type it by hand with x-bitbucket-api-token-auth (git) or your e-mail (API).",
)
EMAIL_USER: Final = Alternative(
    "email_used_for_git",
    "The user name that git shows or asks for is your e-mail.",
)
APP_PASSWORD: Final = Alternative(
    "app_password_removed",
    "The secret starts with ATBB: then it is an app password and no API token.",
)
ACCOUNT_PASSWORD: Final = Alternative(
    "account_password",
    "The secret is the password you sign in with.",
)
NO_RIGHT: Final = Alternative(
    "no_access_or_not_found",
    "You do not see the repository in your browser either, or see it without the right to change it.",
)
OTHER_PLACE: Final = Alternative(
    "no_access_or_not_found",
    "It is an access token (ATCT…) and was made for another repository, project or workspace.",
)
NO_ACCESS_TOKEN: Final = Alternative(
    "no_access_or_not_found",
    "It is an access token (ATCT…): those open neither /2.0/user nor another repository, whatever their scopes.",
)
SCOPE: Final = Alternative(
    "missing_scope",
    "The same call works in your browser: then you have the right, and the token lacks a scope. The answer's body would"
    " name it.",
)
READ_ONLY: Final = Alternative(
    "read_only_credential",
    "Fetching works and only pushing fails, on every branch.",
)
BRANCH: Final = Alternative(
    "branch_restriction",
    "Pushing to a new branch works, and only this branch refuses.",
)
PLAN: Final = Alternative(
    "plan_limit",
    "Nobody in the workspace can push any more since some day.",
)
SIZE: Final = Alternative(
    "not_credential_related",
    "A small commit can be pushed to the same branch: then the size is the trouble.",
)
REMOVED: Final = Alternative(
    "removed_endpoint",
    "The same call fails for everybody and for every repository: the address itself is gone.",
)
KEY: Final = Alternative(
    "ssh_key",
    "“ssh -T git@ssh.bitbucket.org” does not greet you: then Bitbucket knows none of your keys.",
)
LINE_CUT: Final = Alternative(
    "not_credential_related",
    "It fails now and then, or for everybody at once: then it is the network or Bitbucket.",
)
LOW_LIMIT: Final = Alternative(
    "token_invalid_or_expired",
    "It happens after some 60 requests: then the credential is not accepted and you count as nobody.",
)
