"""A credential that is not accepted: passwords, tokens, user names, headers, key stores."""

from tests.tokens.catalogue.diagnosis.texts import (
    ACCESS_TOKEN,
    API_TOKEN,
    APP_PASSWORD,
    INVALID,
    NO_ACCESS,
    URL,
    Text,
    refused,
    unable,
)

_ACCOUNT = (
    "remote: Bitbucket Cloud recently stopped supporting account passwords for Git authentication.\n"
    "remote: See our community post for more details: https://atlassian.community/t5/x/x/ba-p/1948231\n"
    "remote: App passwords are recommended for most use cases and can be created in your Personal settings:\n"
    "remote: https://bitbucket.org/account/settings/app-passwords/\n"
)
_GONE = (
    "remote: CHANGE-3222 - Functionality has been deprecated\n"
    "remote: App passwords are deprecated and must be replaced with API tokens.\n"
    "remote: https://developer.atlassian.com/cloud/bitbucket/changelog/#CHANGE-3222\n"
)
_REST = "https://api.bitbucket.org/2.0/repositories/acme/web"

REFUSED_TEXTS = (
    Text(
        "account_password_notice",
        "account_password",
        f"$ git push\nfatal: Invalid credentials\nPassword for 'https://emma@bitbucket.org':\n{_ACCOUNT}{refused()}",
    ),
    Text(
        "account_password_notice", "account_password", f"Cloning into 'web'...\n{_ACCOUNT}{refused('emma%40acme.test')}"
    ),
    Text(
        "account_password_notice",
        "account_password",
        "WARNING: Bitbucket Cloud recently stopped supporting account passwords for API authentication.\n"
        "App passwords are recommended for most use cases\njava.lang.NullPointerException\n\tat java.io.StringReader",
    ),
    Text(
        "account_password_notice",
        "account_password",
        "Bitbucket Cloud recently stopped supporting account\n   passwords for Git authentication.",
    ),
    Text(
        "account_password_notice",
        "account_password",
        "remote: Invalid username or password. If your organization manages your account or you\u2019ve enabled "
        f"two-step verification, create an app password to log in:\nremote: "
        f"https://confluence.atlassian.com/x/9DJmMQ\n{refused('emma')}",
    ),
    Text("app_password_notice", "app_password_removed", f"$ git pull\n{_GONE}{unable(410)}"),
    Text(
        "app_password_notice",
        "app_password_removed",
        f"remote: App passwords are deprecated and must be replaced with API tokens.\n{unable(410, 'emma')}",
    ),
    Text(
        "app_password_refused",
        "app_password_removed",
        f"$ curl -i -u emma:{APP_PASSWORD} {_REST}\nHTTP/2 401\ncontent-type: application/json\n\n{INVALID}",
    ),
    Text(
        "app_password_refused",
        "app_password_removed",
        f"git clone https://emma:{APP_PASSWORD}@bitbucket.org/acme/web.git\nremote: Invalid credentials\n{refused()}",
    ),
    Text(
        "app_password_named",
        "app_password_removed",
        f"BITBUCKET_APP_PASSWORD is set\nrequests.exceptions.HTTPError: 401 Client Error: Unauthorized "
        f"for url: {_REST}",
    ),
    Text("git_gone", "app_password_removed", f"+ git fetch origin\n{unable(410)}"),
    Text("token_refused", "token_invalid_or_expired", f"HTTP/1.1 401 Unauthorized\n\n{INVALID}"),
    Text("token_refused", "token_invalid_or_expired", f"$ git fetch\nremote: Invalid credentials\n{refused('emma')}"),
    Text(
        "token_refused",
        "token_invalid_or_expired",
        f"$ curl -u emma@acme.test:{API_TOKEN} {_REST}\n{INVALID}",
    ),
    Text(
        "token_ended",
        "token_invalid_or_expired",
        'BitBucket::Error::Unauthorized {"type": "error", "error": {"message": "Access token expired. Use your refresh '
        'token to obtain a new access token."}}',
    ),
    Text(
        "token_ended",
        "token_invalid_or_expired",
        '{"error_description": "Invalid refresh_token", "error": "invalid_request"}',
    ),
    Text("token_ended", "token_invalid_or_expired", '401: {"type": "error", "error": {"message": "User is inactive"}}'),
    Text("refused_without_reason", "token_invalid_or_expired", refused("x-bitbucket-api-token-auth")),
    Text(
        "refused_without_reason",
        "token_invalid_or_expired",
        "org.eclipse.jgit.api.errors.TransportException: https://bitbucket.org/acme/web.git: not authorized",
    ),
    Text(
        "refused_without_reason",
        "token_invalid_or_expired",
        "requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://api.bitbucket.org/2.0/user",
    ),
    Text(
        "access_token_refused",
        "token_invalid_or_expired",
        f"git clone https://x-token-auth:{ACCESS_TOKEN}@bitbucket.org/acme/web.git\nremote: Invalid credentials\n"
        f"{refused('x-token-auth')}",
    ),
    Text(
        "access_token_refused",
        "token_invalid_or_expired",
        f"Authorization: Bearer {ACCESS_TOKEN}\n< HTTP/2 401\n{INVALID}",
    ),
    Text(
        "token_without_scopes",
        "unscoped_token",
        f"I made an API token without scopes.\n$ git push\n{NO_ACCESS}\n{refused('x-bitbucket-api-token-auth')}",
    ),
    Text(
        "token_without_scopes",
        "unscoped_token",
        f"error: login failed: 401 Unauthorized: {INVALID}\nhint: unscoped API tokens cannot be used with Bitbucket",
    ),
    Text(
        "api_token_as_bearer",
        "bearer_instead_of_basic",
        f"$ curl -H 'Authorization: Bearer {API_TOKEN}' {_REST}\n{INVALID}",
    ),
    Text(
        "api_token_as_bearer",
        "bearer_instead_of_basic",
        f"git -c http.extraHeader='Authorization: Bearer {API_TOKEN}' clone {URL}\n{NO_ACCESS}\n{refused()}",
    ),
    Text(
        "token_refused_as_bearer",
        "bearer_instead_of_basic",
        f"> GET /2.0/repositories/acme/web HTTP/2\n> Host: api.bitbucket.org\n> authorization: Bearer "
        f"***\n\n< HTTP/2 401\n{INVALID}",
    ),
    Text(
        "token_refused_as_bearer",
        "bearer_instead_of_basic",
        "headers={'Authorization': 'Bearer $BITBUCKET_TOKEN'}\n" + INVALID.replace('"', "'"),
    ),
    Text(
        "token_refused_as_bearer",
        "bearer_instead_of_basic",
        f"$ curl --fail -H 'Authorization: Bearer $TOKEN' {_REST}\ncurl: (22) The requested URL returned error: 401",
    ),
    Text(
        "email_for_git",
        "email_used_for_git",
        f"$ git clone https://emma@acme.test@bitbucket.org/acme/web.git\nCloning into 'web'...\n"
        f"{refused('emma%40acme.test')}",
    ),
    Text(
        "email_for_git",
        "email_used_for_git",
        f"$ git clone https://emma@acme.test:{API_TOKEN}@bitbucket.org/acme/web.git\n{NO_ACCESS}\n{refused()}",
    ),
    Text(
        "email_for_git",
        "email_used_for_git",
        f"Username for 'https://bitbucket.org': emma@acme.test\nPassword for "
        f"'https://emma%40acme.test@bitbucket.org':\n"
        f"{NO_ACCESS}\n{refused()}",
    ),
    Text(
        "email_for_git",
        "email_used_for_git",
        f"remote: Invalid credentials\n{unable(401, 'emma.e+git%40mail.acme.test')}",
    ),
    Text(
        "email_is_no_user",
        "email_used_for_git",
        "remote: Invalid credentials: an e-mail address is no user name for git.\n"
        "fatal: Authentication failed for 'http://127.0.0.1:8100/acme/web.git/'",
    ),
    Text(
        "key_store_answers",
        "cached_old_credential",
        f"$ git config credential.helper\nosxkeychain\n$ git push\nremote: Invalid credentials\n{refused('emma')}",
    ),
    Text(
        "key_store_answers",
        "cached_old_credential",
        f"I pasted the new token, but git still uses the old token:\nremote: Invalid credentials\n{refused()}",
    ),
    Text("key_store_answers", "cached_old_credential", f"git-credential-manager: using stored credential\n{refused()}"),
    Text(
        "api_token_with_access_token_user",
        "wrong_username",
        f"git clone https://x-token-auth:{API_TOKEN}@bitbucket.org/acme/web.git\n{NO_ACCESS}\n"
        f"{refused('x-token-auth')}",
    ),
    Text(
        "access_token_with_api_token_user",
        "wrong_username",
        f"git push https://x-bitbucket-api-token-auth:{ACCESS_TOKEN}@bitbucket.org/acme/web.git\n"
        f"remote: Invalid credentials\n"
        f"{refused('x-bitbucket-api-token-auth')}",
    ),
    Text("user_name_of_access_tokens", "wrong_username", f"remote: Invalid credentials\n{refused('x-token-auth')}"),
    Text("user_name_of_access_tokens", "wrong_username", unable(401, "x-token-auth")),
    Text("user_name_or_password", "wrong_username", f"remote: Invalid username or password\n{refused('emma')}"),
    Text("user_name_for_rest", "wrong_username", f"$ curl -u emma:{API_TOKEN} {_REST}\n{INVALID}"),
    Text(
        "user_name_for_rest",
        "wrong_username",
        "* Server auth using Basic with user 'emma'\n> GET /2.0/user HTTP/2\n> Host: api.bitbucket.org\n< HTTP/2 401",
    ),
    Text(
        "user_name_for_rest",
        "wrong_username",
        f"$ curl --user x-bitbucket-api-token-auth:{API_TOKEN} {_REST}\n{INVALID}",
    ),
    Text(
        "nobody_to_ask",
        "other",
        "fatal: could not read Username for 'https://bitbucket.org': terminal prompts disabled",
    ),
    Text(
        "nobody_to_ask",
        "other",
        "TransportException: https://bitbucket.org/acme/web.git: Authentication is required but no "
        "CredentialsProvider has "
        "been registered",
    ),
)
