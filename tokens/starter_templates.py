"""The templates for every day: the first eight of those that the project ships. Data only.

A template is its API-token scopes; the levels say how people would pick them. Its risk is never written down here:
`catalogue.rules.risk_of` computes it. No scope is added for the portal's own convenience.
"""

from typing import Final

from tokens.catalogue.data import SUFFIX
from tokens.catalogue.linter import RuleName, TemplateDraft

_KINDS: Final = {
    "T": "api_token",
    "R": "repository_access_token",
    "P": "project_access_token",
    "W": "workspace_access_token",
    "D": "deploy_key",
}


def make_template(
    slug: str,
    name: str,
    purpose: str,
    *,
    tasks: tuple[str, ...],
    levels: str,
    scopes: str,
    kinds: str,
    max_days: int,
    rule: RuleName,
    guidance: str,
    deputy_required: bool = False,
    used_by_machine: bool = False,
    machine_kinds: str = "",
    justification: str = "",
) -> TemplateDraft:
    """A template from short forms: scopes without their suffix, `service:level` pairs, kinds as T R P W D."""
    pairs = (pair.partition(":") for pair in levels.split())
    return TemplateDraft(
        slug=slug,
        name=name,
        purpose=purpose,
        tasks=tasks,
        scopes=tuple(short + SUFFIX for short in scopes.split()),
        services_levels=tuple((service, level) for service, _, level in pairs),
        kinds=tuple(_KINDS[letter] for letter in kinds.split()),
        max_days=max_days,
        rule=rule,
        guidance=guidance,
        deputy_required=deputy_required,
        used_by_machine=used_by_machine,
        machine_kinds=tuple(_KINDS[letter] for letter in machine_kinds.split()),
        justification=justification,
    )


STARTER_TEMPLATES: Final[tuple[TemplateDraft, ...]] = (
    make_template(
        "clone-and-pull",
        "Clone and pull",
        "Get code without changing anything",
        tasks=("Clone a repository", "Fetch and pull"),
        levels="repositories:read",
        scopes="read:repository",
        kinds="T D R",
        machine_kinds="D R",
        max_days=180,
        rule="at_once",
        guidance="It reads every repository that you reach. A machine that needs one repository is better served "
        "with a deploy key of that repository.",
    ),
    make_template(
        "clone-pull-and-push",
        "Clone, pull and push",
        "Work in git: get code and send commits",
        tasks=("Clone a repository", "Fetch and pull", "Push commits, branches and tags"),
        levels="repositories:read repositories:write",
        scopes="read:repository write:repository",
        kinds="T",
        max_days=90,
        rule="at_once_reviewed",
        guidance="It pushes wherever you may push, and a push starts pipelines. Protected branches stay protected.",
    ),
    make_template(
        "review-pull-requests",
        "Review pull requests",
        "Read, comment and tick off tasks, without approving or merging",
        tasks=("Read pull requests", "Comment", "Resolve tasks"),
        levels="pull_requests:read",
        scopes="read:pullrequest",
        kinds="T",
        max_days=180,
        rule="at_once",
        guidance="Approving and merging stay in the browser, where your own sign-in counts.",
    ),
    make_template(
        "everyday-development",
        "Everyday development",
        "Git and pull requests from an editor or IDE",
        tasks=("Clone, pull and push", "Open, review and merge pull requests", "Sign the IDE in"),
        levels="account:read workspace_membership:read repositories:read repositories:write pull_requests:write",
        scopes="read:user read:workspace read:repository write:repository read:pullrequest write:pullrequest",
        kinds="T",
        max_days=90,
        rule="at_once_reviewed",
        guidance="It can approve and merge in your name: keep it in the operating system's keychain, never in a file.",
    ),
    make_template(
        "ci-check-out-and-report",
        "CI: check out and report",
        "Build, and post statuses, reports and comments",
        tasks=("Check out", "Post build statuses and reports", "Comment on pull requests"),
        levels="repositories:read pull_requests:read",
        scopes="read:repository read:pullrequest",
        kinds="R P",
        max_days=365,
        rule="approvers",
        deputy_required=True,
        used_by_machine=True,
        guidance="Bitbucket Pipelines needs no credential for its own repository. For other systems: one token per "
        "repository, kept in the system's secret store.",
    ),
    make_template(
        "ci-release",
        "CI: release",
        "Push tags and commits, and upload downloads",
        tasks=("Check out", "Push tags and release commits", "Upload files to Downloads"),
        levels="repositories:read repositories:write",
        scopes="read:repository write:repository",
        kinds="R",
        max_days=90,
        rule="approvers",
        deputy_required=True,
        used_by_machine=True,
        guidance="Protect the main branch, so that a stolen token cannot rewrite it. Only the release job needs it.",
    ),
    make_template(
        "run-pipelines",
        "Run pipelines",
        "Start and stop pipelines and read their logs",
        tasks=("Start a pipeline", "Stop a pipeline", "Read logs and results"),
        levels="pipelines:write",
        scopes="read:pipeline write:pipeline",
        kinds="R T",
        max_days=90,
        rule="approvers",
        guidance="A pipeline runs with the deployment secrets of its repository. Secure every variable that is a "
        "secret: unsecured ones can be read with this.",
    ),
    make_template(
        "manage-webhooks",
        "Manage webhooks",
        "Create and change webhooks, without deleting any",
        tasks=("List webhooks", "Create a webhook", "Change a webhook"),
        levels="webhooks:read webhooks:write",
        scopes="read:webhook write:webhook",
        kinds="T",
        max_days=30,
        rule="approvers",
        guidance="Give each webhook a secret, and name only addresses that belong to us.",
    ),
)
