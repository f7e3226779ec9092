"""Every API-token scope of Bitbucket with our words for it.

No scope implies another: writing does not include reading, administering includes neither
(https://developer.atlassian.com/cloud/bitbucket/rest/intro/).
"""

from datetime import date
from typing import Final, get_args

from tokens.catalogue.data import sources
from tokens.catalogue.model import Certainty, RiskLevel, Scope, Verb

SUFFIX: Final = ":bitbucket"

_GONE = "nothing is left that it could reach"


def _scope(
    service: str,
    short: str,
    words: str,
    without: str,
    risk: RiskLevel,
    because: str,
    *,
    mints: bool = False,
    removed_on: date | None = None,
    certainty: Certainty = "stated",
) -> Scope:
    verb: Verb = next(verb for verb in get_args(Verb) if verb == short.partition(":")[0])
    source = sources.ISSUES_AND_WIKIS if removed_on else sources.API_TOKEN_PERMISSIONS
    return Scope(
        name=short + SUFFIX,
        dialect="api_token",
        service_slug=service,
        verb=verb,
        words=words,
        without=f"{without}.",
        risk=risk,
        because=because,
        source=source,
        seen_on=sources.SEEN_ON,
        mints=mints,
        removed_on=removed_on,
        certainty=certainty,
    )


def _removed(service: str, short: str, words: str) -> Scope:
    return _scope(
        service,
        short,
        words,
        f"Nothing: Bitbucket removed {service} on {sources.ISSUES_AND_WIKIS_REMOVED_ON:%d %B %Y}",
        "low",
        _GONE,
        removed_on=sources.ISSUES_AND_WIKIS_REMOVED_ON,
        certainty="unconfirmed" if service == "wikis" else "stated",
    )


# fmt: off
API_SCOPES: Final[tuple[Scope, ...]] = (
    _scope("account", "read:user", "See your own profile and e-mail addresses",
           "Tools cannot ask whose token it is, so some report a failed sign-in although the token works",
           "low", "shows the holder's own profile"),
    _scope("account", "write:user", "Change your own profile",
           "Changing the profile is refused",
           "high", "changes the account that everything else trusts"),
    _scope("account", "read:account", "See your own account",
           "Reading account data may be refused", "low", "shows the holder's own account",
           certainty="unconfirmed"),
    _scope("account", "read:me", "See who you are",
           "Asking whose token it is may be refused", "low", "shows the holder's own name",
           certainty="unconfirmed"),
    _scope("workspace_membership", "read:workspace", "See the workspace and its members",
           "Listing workspaces and members is refused",
           "low", "shows who works here"),
    _scope("workspace_membership", "admin:workspace", "Create, change and delete workspaces",
           "Changing a workspace is refused",
           "critical", "can change or delete a whole workspace"),
    _scope("projects", "read:project", "See projects and who may use them",
           "Listing projects is refused",
           "low", "shows projects and their permissions"),
    _scope("projects", "admin:project", "Create, change and delete projects",
           "Creating projects and changing their settings is refused",
           "critical", "can change or delete whole projects"),
    _scope("repositories", "read:repository", "Read code and history",
           "Cloning, fetching and reading files are refused",
           "low", "reads code without changing it"),
    _scope("repositories", "write:repository", "Push commits, branches and tags",
           "Every push is refused, and so is forking",
           "medium", "changes code, and a push can start pipelines"),
    _scope("repositories", "admin:repository", "Create repositories and change their settings",
           "Creating repositories, protecting branches and naming default reviewers are refused",
           "critical", "can switch off the protection of every repository it reaches"),
    _scope("repositories", "delete:repository", "Delete repositories",
           "Deleting a repository is refused",
           "critical", "destroys code and its history"),
    _scope("pull_requests", "read:pullrequest", "Read pull requests and comment on them",
           "Listing, opening and commenting on pull requests by API or in an IDE are refused",
           "low", "reads pull requests and comments on them"),
    _scope("pull_requests", "write:pullrequest", "Open, update, approve and merge pull requests",
           "Opening, updating, approving and merging pull requests are refused",
           "high", "can approve and merge, so it can get code past review"),
    _removed("issues", "read:issue", "Read issues"),
    _removed("issues", "write:issue", "Write issues"),
    _removed("issues", "delete:issue", "Delete issues"),
    _removed("wikis", "read:wiki", "Read wikis"),
    _removed("wikis", "write:wiki", "Write wikis"),
    _removed("wikis", "delete:wiki", "Delete wikis"),
    _scope("snippets", "read:snippet", "Read snippets",
           "Reading snippets is refused", "low", "reads snippets"),
    _scope("snippets", "write:snippet", "Create and change snippets",
           "Creating and changing snippets is refused",
           "medium", "publishes text in the holder's name"),
    _scope("snippets", "delete:snippet", "Delete snippets",
           "Deleting snippets is refused", "high", "destroys snippets"),
    _scope("webhooks", "read:webhook", "See webhooks",
           "Listing webhooks is refused", "low", "shows where events are sent"),
    _scope("webhooks", "write:webhook", "Create and change webhooks",
           "Creating and changing webhooks is refused",
           "high", "can send events to any address outside"),
    _scope("webhooks", "delete:webhook", "Delete webhooks",
           "Deleting webhooks is refused", "high", "can silence the tools that listen"),
    _scope("pipelines", "read:pipeline", "See pipelines, logs and test reports",
           "Reading pipelines, their logs and reports is refused",
           "medium", "reads logs and the values of unsecured variables"),
    _scope("pipelines", "write:pipeline", "Start and stop pipelines",
           "Starting and stopping pipelines is refused",
           "high", "runs builds and deployments with the secrets they hold"),
    _scope("pipelines", "admin:pipeline", "Change pipeline variables, keys and settings",
           "Changing variables, environments, schedules and pipeline keys is refused",
           "critical", "can change what deployments use and turn it against them"),
    _scope("pipelines", "read:test", "Read test results",
           "Reading test results may be refused", "low", "reads test results", certainty="unconfirmed"),
    _scope("pipelines", "write:test", "Upload test results",
           "Uploading test results may be refused", "medium", "changes test results",
           certainty="unconfirmed"),
    _scope("runners", "read:runner", "See runners",
           "Listing runners is refused", "low", "shows which machines build"),
    _scope("runners", "write:runner", "Add and remove runners",
           "Adding and removing runners is refused",
           "critical", "can add a machine that receives builds with all their secrets", mints=True),
    _scope("ssh_keys", "read:ssh-key", "See SSH keys",
           "Listing SSH keys is refused", "low", "shows public keys"),
    _scope("ssh_keys", "write:ssh-key", "Add and change SSH keys",
           "Adding SSH keys and deploy keys is refused",
           "critical", "can make a further credential that never ends", mints=True),
    _scope("ssh_keys", "delete:ssh-key", "Remove SSH keys",
           "Removing SSH keys and deploy keys is refused", "high", "can lock people and machines out"),
    _scope("gpg_keys", "read:gpg-key", "See GPG keys",
           "Listing GPG keys is refused", "low", "shows public keys"),
    _scope("gpg_keys", "write:gpg-key", "Add GPG keys",
           "Adding GPG keys is refused",
           "high", "whoever holds an added key can sign commits in the holder's name", mints=True),
    _scope("gpg_keys", "delete:gpg-key", "Remove GPG keys",
           "Removing GPG keys is refused", "high", "makes signed commits unverified"),
    _scope("permissions", "read:permission", "See who may do what",
           "Reading permissions may be refused", "low", "shows who may do what"),
    _scope("permissions", "write:permission", "Give people and groups access",
           "Giving access to repositories and projects is refused",
           "critical", "decides who gets in"),
    _scope("permissions", "delete:permission", "Take access away from people and groups",
           "Taking access away is refused", "critical", "decides who is shut out"),
    _scope("packages", "read:package", "Read packages",
           "Reading packages may be refused", "low", "reads packages", certainty="unconfirmed"),
    _scope("packages", "write:package", "Publish packages",
           "Publishing packages may be refused", "high", "puts code where others install it from",
           certainty="unconfirmed"),
)
# fmt: on
