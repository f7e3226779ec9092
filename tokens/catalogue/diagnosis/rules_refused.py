"""Rules for a credential that was not accepted. Causes share Bitbucket's answer; what stands around it decides.

Sources: https://github.com/avivsinai/bitbucket-cli/issues/174 and
https://community.atlassian.com/forums/Bitbucket-questions/facing-issue-to-GET-PRIVATE-REPOSITORY-using-api-curl/qaq-p/3141816
(Bearer), https://github.com/dimileeh/agent-workspace-fabric/issues/467 (e-mail for git),
https://confluence.atlassian.com/bbkb/authentication-error-remote-invalid-username-or-password-942864127.html.
"""

from typing import Final

from tokens.catalogue.diagnosis import alternatives as also
from tokens.catalogue.diagnosis.model import Rule

_NOT_TAKEN: Final = "refused|no_access|status_401|status_403"
_NOT_KNOWN: Final = "refused|status_401"

REFUSED_RULES: Final = (
    Rule(
        "api_token_as_bearer",
        "bearer_instead_of_basic",
        needs=("bearer", "holds_api_token", _NOT_TAKEN),
        unless=("foreign", "holds_access_token"),
    ),
    Rule(
        "token_ended",
        "token_invalid_or_expired",
        said=(
            r"token (?:has |is |was )?(?:been )?(?:expired|revoked)",
            "user is inactive",
            "invalid_grant",
            "invalid refresh_token",
        ),
        unless=("foreign",),
    ),
    Rule(
        "token_refused_as_bearer",
        "bearer_instead_of_basic",
        needs=(_NOT_KNOWN, "bearer", "rest|bitbucket"),
        unless=("foreign", "holds_access_token", "access_token_words", "holds_app_password"),
        also=(also.ENDED, also.UNSCOPED),
    ),
    Rule(
        "app_password_refused",
        "app_password_removed",
        needs=(_NOT_KNOWN, "holds_app_password"),
        unless=("foreign",),
    ),
    Rule(
        "email_for_git",
        "email_used_for_git",
        needs=("email_user", _NOT_TAKEN),
        unless=("foreign",),
        also=(also.ENDED, also.CACHED),
    ),
    Rule(
        "email_is_no_user",
        "email_used_for_git",
        said=(r"e-?mail (?:address )?is (?:no|not a|not the) (?:valid )?user ?name",),
        unless=("foreign",),
    ),
    Rule(
        "token_without_scopes",
        "unscoped_token",
        needs=("no_scopes", _NOT_TAKEN),
        unless=("foreign",),
        also=(also.ENDED, also.SCOPE),
    ),
    Rule(
        "key_store_answers",
        "cached_old_credential",
        needs=(_NOT_KNOWN, "key_store|replaced"),
        unless=("foreign", "no_access"),
        also=(also.ENDED, also.WRONG_USER),
    ),
    Rule(
        "app_password_named",
        "app_password_removed",
        needs=(_NOT_KNOWN, "app_password_words"),
        unless=("foreign", "holds_api_token", "holds_access_token", "api_token_words"),
        also=(also.WRONG_USER, also.ENDED),
    ),
    Rule(
        "api_token_with_access_token_user",
        "wrong_username",
        needs=("refused|no_access|status_401", "access_token_user", "holds_api_token|api_token_words"),
        unless=("foreign", "holds_access_token"),
        also=(also.ENDED,),
    ),
    Rule(
        "access_token_with_api_token_user",
        "wrong_username",
        needs=("refused|no_access|status_401", "token_user", "holds_access_token|access_token_words"),
        unless=("foreign", "holds_api_token"),
        also=(also.ENDED,),
    ),
    Rule(
        "user_name_for_rest",
        "wrong_username_rest",
        needs=("status_401|refused", "plain_rest_user", "rest"),
        unless=("foreign", "holds_access_token"),
        also=(also.APP_PASSWORD, also.ENDED),
    ),
    Rule(
        "no_access_said",
        "no_access_or_not_found",
        said=(
            "may not have access to this repository",
            "either does not exist or you do not have access",
        ),
        unless=("foreign",),
        also=(also.UNSCOPED, also.WRONG_USER, also.EMAIL_USER, also.ENDED),
    ),
    Rule(
        "access_token_refused",
        "token_invalid_or_expired",
        said=("invalid credentials", "authentication failed", "token is invalid", "not authorized", "unauthorized"),
        needs=("holds_access_token|access_token_words",),
        unless=("foreign",),
        also=(also.OTHER_PLACE, also.CACHED),
    ),
    Rule(
        "user_name_or_password",
        "wrong_username",
        said=(r"invalid user ?name or password", r"(?:unknown|invalid|wrong) user ?name", r"incorrect user ?name"),
        unless=("foreign",),
        also=(also.ENDED, also.CACHED, also.ACCOUNT_PASSWORD, also.APP_PASSWORD),
    ),
    Rule(
        "user_name_of_access_tokens",
        "wrong_username",
        needs=(_NOT_KNOWN, "access_token_user"),
        unless=("foreign",),
        also=(also.ENDED, also.OTHER_PLACE, also.CACHED),
    ),
    Rule(
        "token_refused",
        "token_invalid_or_expired",
        said=(
            "token is invalid",
            "invalid credentials",
            "bad credentials",
        ),
        unless=("foreign",),
        also=(also.UNSCOPED, also.BEARER, also.WRONG_USER, also.CACHED),
    ),
)
