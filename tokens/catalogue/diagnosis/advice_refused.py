"""What to do when Bitbucket does not accept the credential at all.

Sources: https://support.atlassian.com/bitbucket-cloud/docs/using-api-tokens/ (user names),
https://community.atlassian.com/forums/Bitbucket-questions/Having-trouble-switching-to-API-tokens/qaq-p/3213684 (key
stores), https://github.com/snyk/user-docs/pull/864 (tokens without scopes).
"""

from typing import Final

from tokens.catalogue.diagnosis import actions as do
from tokens.catalogue.diagnosis.model import Advice
from tokens.catalogue.diagnosis.telling import told

REFUSED_ADVICE: Final = (
    Advice(
        "account_password",
        "account_password",
        "Bitbucket no longer takes your account password here",
        told(
            """
            What was sent is the password you sign in with. Since March 2022 Bitbucket takes it neither for git
            nor for its API.
            - Get an API token in this portal; it stands where the password stood.
            - For git, use x-bitbucket-api-token-auth as the user name; for the API, your Atlassian e-mail.
            - Have your computer forget the old password first, or it will be sent again.
            """
        ),
        (do.GET_ACCESS, do.USE_API_TOKEN, *do.FORGET, do.USING_API_TOKENS),
    ),
    Advice(
        "app_password_removed",
        "app_password_removed",
        "This is an app password, and app passwords are gone",
        told(
            """
            Bitbucket removed app passwords on 28 July 2026. None of them opens anything any more, so there is
            nothing left to revoke.
            - Get an API token for the same work in this portal.
            - Put it wherever the app password stood. For git the user name is x-bitbucket-api-token-auth; for the
              API it is your Atlassian e-mail and no longer your Bitbucket user name.
            - Have your computer forget the app password, or it will be sent again.
            """
        ),
        (do.GET_ACCESS, do.USE_API_TOKEN, *do.FORGET, do.USING_API_TOKENS),
    ),
    Advice(
        "token_invalid_or_expired",
        "token_invalid_or_expired",
        "Bitbucket does not accept this token",
        told(
            """
            The token has ended, was revoked, or was not copied whole; Bitbucket says the same for all of these.
            - Look at your credentials here: each shows when it ends and whether it still lives.
            - If it has ended, get a new one and put it in the place of the old.
            - If it should live, ask Bitbucket who you are: 200 or 403 means the token is fine and the tool sends
              something else; 401 means it is not.
            """
        ),
        (do.MY_CREDENTIALS, do.GET_ACCESS, do.TRY_REST, *do.FORGET),
    ),
    Advice(
        "unscoped_token",
        "unscoped_token",
        "This API token was made without scopes",
        told(
            """
            Atlassian makes two kinds of API tokens. The one without scopes works for Jira and Confluence;
            Bitbucket refuses it as if it were wrong.
            - Scopes cannot be added later, so get a new token. The portal walks you through it: “Create API token
              with scopes”, app Bitbucket.
            - Delete the one without scopes at Atlassian if nothing else uses it: it opens all of Jira and
              Confluence that you can open.
            """
        ),
        (do.GET_ACCESS, do.manual("How to create an API token with scopes", "create-an-api-token/")),
    ),
    Advice(
        "wrong_username",
        "wrong_username",
        "The user name does not fit the credential",
        told(
            """
            git sends a user name with the token, and Bitbucket looks at both.
            - With an API token (ATAT…) the user name is x-bitbucket-api-token-auth, or your Bitbucket user name.
            - With an access token of a repository, project or workspace (ATCT…) it is x-token-auth.
            - Never your e-mail, your display name or the name of the token.
            """
        ),
        (do.USING_API_TOKENS, do.USE_API_TOKEN, do.USE_ACCESS_TOKEN, do.TRY_GIT, *do.FORGET),
    ),
    Advice(
        "wrong_username_rest",
        "wrong_username",
        "The API wants your e-mail as the user name",
        told(
            """
            With an API token, Bitbucket's API takes your Atlassian e-mail as the user name. Your Bitbucket user
            name and git's fixed names do not work there.
            - Put the e-mail in the place of the user name and keep the token as the password.
            - For git it is the other way round: x-bitbucket-api-token-auth, and no e-mail.
            - An access token (ATCT…) needs no user name here: it goes into an “Authorization: Bearer” header.
            """
        ),
        (do.USING_API_TOKENS, do.TRY_REST),
    ),
    Advice(
        "email_used_for_git",
        "email_used_for_git",
        "git was given your e-mail as the user name",
        told(
            """
            Your e-mail is the user name for Bitbucket's API only. For git, Bitbucket refuses it, even with the
            right token.
            - Use x-bitbucket-api-token-auth instead; your Bitbucket user name works as well.
            - Then paste the same token when git asks for a password.
            """
        ),
        (do.USING_API_TOKENS, do.USE_API_TOKEN, *do.FORGET, do.TRY_GIT),
    ),
    Advice(
        "bearer_instead_of_basic",
        "bearer_instead_of_basic",
        "An API token does not go into a Bearer header",
        told(
            """
            The request carries “Authorization: Bearer”. Bitbucket takes only access tokens and OAuth tokens that
            way; an API token (ATAT…) is refused there as if it were wrong.
            - Send it as Basic: your Atlassian e-mail as the user name, the token as the password.
            - In most tools this means filling in “user name and password” and leaving “token” empty.
            - If the tool knows Bearer only, it needs an access token (ATCT…) of the repository instead.
            """
        ),
        (do.USING_API_TOKENS, do.TRY_REST),
    ),
    Advice(
        "cached_old_credential",
        "cached_old_credential",
        "Your computer still sends the old credential",
        told(
            """
            A key store (git's credential helper, Keychain, Windows Credential Manager, an IDE's own) answers
            before you are asked, and it still holds the old secret.
            - Have it forget what it keeps for bitbucket.org.
            - Then run git once and paste the new token when it asks.
            - Sourcetree and IDEs keep their own copy: remove the account there and add it again.
            """
        ),
        (do.MY_CREDENTIALS, *do.FORGET, do.USE_API_TOKEN, do.TRY_GIT),
    ),
    Advice(
        "no_credential",
        "other",
        "No credential was sent at all",
        told(
            """
            git wanted to ask for a user name and password, but nobody was there to answer: it runs in a build or
            in an IDE.
            - Give the job a credential: an access token or a deploy key for a machine, an API token for yourself.
            - Bitbucket Pipelines needs none for its own repository.
            """
        ),
        (do.GET_ACCESS, do.USE_API_TOKEN, do.USING_API_TOKENS),
    ),
)
