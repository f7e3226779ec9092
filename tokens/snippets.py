"""Lines to copy, with a placeholder where the secret goes. Nothing here ever holds one.

User names: https://support.atlassian.com/bitbucket-cloud/docs/using-api-tokens/
"""

from urllib.parse import urlsplit

from django.conf import settings

from tokens.access_token_snippets import access_token_snippets
from tokens.catalogue.data import ACCESS_TOKEN_KINDS
from tokens.key_snippets import key_sections
from tokens.models import Credential
from tokens.policy import KEY_KIND
from tokens.snippet_model import PLACEHOLDER, Section, Snippet

GIT_USER = "x-bitbucket-api-token-auth"


def snippets_for(credential: Credential, *, email: str, workspace: str) -> list[Section]:
    """How to use one credential.

    Args:
        email: the holder's Atlassian e-mail, the user name of REST.
        workspace: slug used in the examples.
    """
    if credential.kind == KEY_KIND:
        return key_sections(credential)
    if credential.kind in ACCESS_TOKEN_KINDS:
        return access_token_snippets(credential)
    scopes = set(credential.scopes)
    sections = []
    if {"read:repository:bitbucket", "write:repository:bitbucket"} & scopes:
        sections.append(_git(workspace))
        sections.append(_helpers())
    sections.append(_rest(email, workspace))
    sections.append(_ci(email))
    return sections


def _git(workspace: str) -> Section:
    parts = urlsplit(settings.BITBUCKET_WEB_URL)
    plain = f"{parts.scheme}://{GIT_USER}@{parts.netloc}/{workspace or 'WORKSPACE'}/REPOSITORY.git"
    return Section(
        "git",
        "git",
        "git asks for a password: paste the token there. Your e-mail does not work as the user name for git.",
        (
            Snippet("Clone", "shell", f"git clone {plain}", "A new copy of a repository:"),
            Snippet("Set address", "shell", f"git remote set-url origin {plain}", "A repository you have already:"),
        ),
    )


def _helpers() -> Section:
    host = urlsplit(settings.BITBUCKET_WEB_URL).netloc
    forget = f"printf 'protocol=https\\nhost={host}\\n\\n' | git credential reject"
    return Section(
        "helper",
        "Let git remember it",
        "A credential helper keeps the token in your system's key store, so that you paste it once.",
        (
            Snippet("Forget the old one", "shell", forget, "First clear a cached old password:"),
            Snippet("macOS", "shell", "git config --global credential.helper osxkeychain"),
            Snippet("Windows", "shell", "git config --global credential.helper manager"),
            Snippet("Linux", "shell", "git config --global credential.helper libsecret"),
        ),
    )


def _rest(email: str, workspace: str) -> Section:
    url = f"{settings.BITBUCKET_API_URL}/repositories/{workspace or 'WORKSPACE'}"
    return Section(
        "rest",
        "REST",
        "REST takes your Atlassian e-mail as the user name. curl asks for the password: paste the token there, so that"
        " it does not end up in your shell's history.",
        (Snippet("Call", "shell", f"curl --user '{email}' '{url}'"),),
    )


def _ci(email: str) -> Section:
    return Section(
        "ci",
        "CI",
        "Put the token into the secret store of the build system, never into a file of the repository.",
        (
            Snippet(
                "Jenkins",
                "text",
                f"Kind: Username with password\nUsername: {GIT_USER}\nPassword: {PLACEHOLDER}\nID: bitbucket-token",
                "For git; for REST calls the user name is your e-mail:",
            ),
            Snippet(
                "Secured variable",
                "text",
                f"BITBUCKET_USER  = {email}\nBITBUCKET_TOKEN = {PLACEHOLDER}   (tick “Secured”)",
                "In Pipelines or another build system:",
            ),
        ),
    )
