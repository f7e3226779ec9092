"""Lines to copy for an access token, with a placeholder where the secret goes and no other place than its own.

User name and header: https://developer.atlassian.com/cloud/bitbucket/rest/intro/#access-tokens
"""

from urllib.parse import urlsplit

from django.conf import settings

from tokens.boundaries import REPOSITORY, WORKSPACE
from tokens.catalogue.rules import expand_classic
from tokens.models import Credential
from tokens.snippet_model import PLACEHOLDER, Section, Snippet

GIT_USER = "x-token-auth"
VARIABLE = "BITBUCKET_TOKEN"


def access_token_snippets(credential: Credential) -> list[Section]:
    """How a machine uses one access token."""
    place = credential.place_name.strip("/")
    can = expand_classic(credential.scopes)
    full_name = place if credential.kind == REPOSITORY else f"{place.partition('/')[0]}/REPOSITORY"
    sections = [_store()]
    if "repository" in can:
        sections.append(_git(full_name, _which(credential, place)))
    sections.append(_rest(_address(credential, full_name, can), can))
    sections.append(_pipelines())
    return sections


def _which(credential: Credential, place: str) -> str:
    if credential.kind == REPOSITORY:
        return ""
    return f" Put one of the repositories of {place} for REPOSITORY."


def _address(credential: Credential, full_name: str, can: frozenset[str]) -> str:
    if "repository" in can or credential.kind != WORKSPACE:
        return f"{settings.BITBUCKET_API_URL}/repositories/{full_name}"
    return f"{settings.BITBUCKET_API_URL}/workspaces/{full_name.partition('/')[0]}"


def _store() -> Section:
    return Section(
        "store",
        "Where the secret is kept",
        "In the secret store of the machine that uses it and nowhere else: no file of the code, no chat, no mail.",
        (
            Snippet(
                "Jenkins",
                "text",
                f"Kind: Username with password\nUsername: {GIT_USER}\nPassword: {PLACEHOLDER}\nID: bitbucket-token",
                "Jenkins, for git:",
            ),
            Snippet(
                "Jenkins, REST",
                "text",
                f"Kind: Secret text\nSecret: {PLACEHOLDER}\nID: bitbucket-bearer-token",
                "Jenkins, for REST:",
            ),
            Snippet(
                "GitLab",
                "text",
                f"Settings → CI/CD → Variables\nKey: {VARIABLE}\nValue: {PLACEHOLDER}  (tick “Masked”, “Protected”)",
                "GitLab CI:",
            ),
            Snippet(
                "GitHub Actions",
                "text",
                f"Settings → Secrets and variables → Actions\nName: {VARIABLE}\nSecret: {PLACEHOLDER}",
                "GitHub Actions:",
            ),
        ),
    )


def _git(full_name: str, which: str) -> Section:
    parts = urlsplit(settings.BITBUCKET_WEB_URL)
    address = f"{parts.scheme}://{GIT_USER}@{parts.netloc}/{full_name}.git"
    # In the address itself it would stay in the clone's configuration, and in every log that shows it.
    helper = f'!f() {{ echo "password=${VARIABLE}"; }}; f'
    return Section(
        "git",
        "git",
        f"The user name of every access token is {GIT_USER}.{which}",
        (
            Snippet(
                "In a build",
                "shell",
                f"git -c credential.helper='{helper}' clone {address}",
                "In a build that has the variable; the token stays out of the address and of the clone:",
            ),
            Snippet("By hand", "shell", f"git clone {address}", "By hand; git asks for the password, paste the token:"),
        ),
    )


def _rest(address: str, can: frozenset[str]) -> Section:
    call = f"curl --header \"Authorization: Bearer ${VARIABLE}\" '{address}'"
    lead = "REST takes it alone, as a Bearer token: no user name, no e-mail."
    if not can & {"repository", "project"}:
        lead += " Its scopes may not allow this very call; the address shows where it belongs."
    return Section("rest", "REST", lead, (Snippet("Call", "shell", call),))


def _pipelines() -> Section:
    text = f"{VARIABLE} = {PLACEHOLDER}   (tick “Secured”)"
    lead = (
        "Bitbucket Pipelines reads and pushes its own repository without any token. Only where a pipeline needs another"
        " one, or more than that, give it this as a secured variable of the repository or deployment."
    )
    return Section("pipelines", "bitbucket-pipelines.yml", lead, (Snippet("Secured variable", "text", text),))
