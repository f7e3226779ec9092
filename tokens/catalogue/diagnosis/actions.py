"""Things to do at once that more than one piece of advice offers."""

from typing import Final

from tokens.catalogue.diagnosis.model import Action

_SUPPORT: Final = "https://support.atlassian.com/bitbucket-cloud/docs/"
_ARTICLES: Final = "https://support.atlassian.com/bitbucket-cloud/kb/"


def copied(label: str, line: str) -> Action:
    """A line to copy."""
    return Action("copy", label, line)


def manual(label: str, page: str) -> Action:
    """A page of Bitbucket's manual."""
    return Action("open", label, _SUPPORT + page)


def article(label: str, page: str) -> Action:
    """An article of Bitbucket's support."""
    return Action("open", label, _ARTICLES + page)


def page(label: str, address: str) -> Action:
    """Any other page of the vendor."""
    return Action("open", label, address)


GET_ACCESS: Final = Action("get_access", "Get a token here")
ASK_FOR_SCOPES: Final = Action("request_scopes", "Ask for the missing scopes")
MY_CREDENTIALS: Final = Action("my_credentials", "Look at my credentials")

USE_API_TOKEN: Final = copied(
    "The address with the user name for API tokens",
    "git remote set-url origin {protocol}://x-bitbucket-api-token-auth@{address}",
)
USE_ACCESS_TOKEN: Final = copied(
    "The address with the user name for access tokens",
    "git remote set-url origin {protocol}://x-token-auth@{address}",
)
TRY_GIT: Final = copied("Try it", "git ls-remote origin")
TRY_REST: Final = copied(
    "Ask Bitbucket who you are (curl asks for the token)",
    "curl --include --user 'YOUR_EMAIL' https://api.bitbucket.org/2.0/user",
)
TRY_SSH: Final = copied("Ask Bitbucket which key it sees", "ssh -T git@ssh.bitbucket.org")
# https://git-scm.com/docs/git-credential
FORGET: Final = (
    copied(
        "Forget the old one: macOS, Linux, Git Bash",
        "printf 'protocol={protocol}\\nhost={host}\\n\\n' | git credential reject",
    ),
    copied(
        "Forget the old one: Windows PowerShell",
        '"protocol={protocol}`nhost={host}`n`n" | git credential reject',
    ),
)
USING_API_TOKENS: Final = manual("How Bitbucket takes API tokens", "using-api-tokens/")
TOKEN_PERMISSIONS: Final = manual("What each scope is for", "api-token-permissions/")
