"""Bots that write into repositories and pull requests, and automation."""

from typing import Final

from tokens.catalogue.adviser import paths as at
from tokens.catalogue.adviser.model import Tool
from tokens.catalogue.adviser.paths import every
from tokens.catalogue.adviser.tools.entry import may_need, needs, tool

_ATLASCODE: Final = "https://github.com/atlassian/atlascode/blob/1449ac837638e730b9f1aa6e19c3606dd71d4edb"
_CODERABBIT: Final = "https://github.com/coderabbitai/coderabbit-docs/blob/27b244a19515c94797369f852c191414b53fee4d"
_N8N: Final = "https://github.com/n8n-io/n8n/blob/028b1413c3ff7a1979c0091e252a8b7b3a7c8ee2"
_OPENHANDS: Final = "https://github.com/All-Hands-AI/OpenHands/blob/08c3510268a730030e62ef00aa1d7452d98ff9bf"
_RENOVATE: Final = "https://github.com/renovatebot/renovate"
_SNYK: Final = "https://docs.snyk.io/developer-tools/scms/user-permissions-and-access-scopes"

BOTS: Final[tuple[Tool, ...]] = (
    tool(
        "renovate",
        "Renovate",
        "Keep dependencies up to date with pull requests",
        "machine",
        needs("clone, and push its branches", at.GIT_FETCH, at.GIT_PUSH),
        needs("read the repository and its settings", *every("GET", at.REPOSITORY, at.FILE, f"{at.BRANCHES}/{{name}}")),
        needs("look at build results", f"GET {at.COMMIT}/statuses"),
        needs("show its own checks", f"POST {at.BUILD_STATUSES}"),
        needs(
            "open and update pull requests", *every("GET POST", at.PULL_REQUESTS), *every("GET PUT", at.PULL_REQUEST)
        ),
        needs("close pull requests it no longer needs", f"POST {at.PULL_REQUEST}/decline"),
        needs(
            "comment on its pull requests",
            *every("GET POST", f"{at.PULL_REQUEST}/comments"),
            *every("PUT DELETE", at.PULL_REQUEST_COMMENT),
        ),
        needs("tell its own pull requests from others", "GET /user"),
        may_need("with automerge", f"POST {at.PULL_REQUEST}/merge"),
        may_need("with autodiscover", "GET /user/workspaces", f"GET {at.REPOSITORIES}"),
        may_need("with bbUseDevelopmentBranch", f"GET {at.REPOSITORY}/branching-model"),
        may_need("with bbUseDefaultReviewers", f"GET {at.REPOSITORY}/effective-default-reviewers"),
        may_need("when Bitbucket refuses a reviewer", f"GET {at.USER}", f"GET {at.WORKSPACE}/members/{{member}}"),
        may_need("with bbAutoResolvePrTasks", f"GET {at.PULL_REQUEST}/tasks", f"PUT {at.PULL_REQUEST_TASK}"),
        source=f"{_RENOVATE}/blob/005031c8e09340e956eee774370159b2fd1bc869/lib/modules/platform/bitbucket/index.ts",
        asks=(
            "read:repository write:repository read:pullrequest write:pullrequest read:user read:issue write:issue"
            " read:workspace"
        ),
        asks_dialect="api_token",
        asks_source="https://docs.renovatebot.com/modules/platform/bitbucket",
        note=(
            "The issue scopes of its documentation open nothing any more: Bitbucket removed issues on 20 August 2026."
            " Asking who it is may fail; then it only tells pull requests apart less well. Versions from before"
            f" {_RENOVATE}/pull/42134 (March 2026) find no repositories by themselves. As `token` it takes access"
            " tokens and clones as x-token-auth; a person's API token goes in `password` with the e-mail address, and"
            " the version read hands the same name to git, which does not accept it."
        ),
    ),
    tool(
        "snyk",
        "Snyk",
        "Look for vulnerable dependencies and open pull requests that fix them",
        "machine",
        needs("list what can be watched", *every("GET", at.REPOSITORIES, at.PROJECTS)),
        needs("read manifests", f"GET {at.FILE}"),
        may_need("with fix pull requests", at.GIT_PUSH, f"POST {at.PULL_REQUESTS}"),
        may_need("with tests of pull requests", f"POST {at.BUILD_STATUSES}"),
        may_need("with tests of pull requests: create the webhook", f"POST {at.HOOKS}"),
        source=_SNYK,
        asks="repository repository:write pullrequest pullrequest:write webhook account team project",
        asks_dialect="classic",
        asks_source=_SNYK,
        note=(
            "Its code is closed; its documentation lists what each use needs, and the calls here are those uses. How it"
            " writes the branch of a fix is not said. It wants a service account that administers the repositories,"
            " with an API token that has scopes (https://github.com/snyk/user-docs/pull/864) and the e-mail address."
            " The Snyk app for Bitbucket needs no token at all."
        ),
    ),
    tool(
        "coderabbit",
        "CodeRabbit",
        "Review pull requests with AI",
        "machine",
        needs("read pull requests", *every("GET", at.PULL_REQUEST, f"{at.PULL_REQUEST}/diff")),
        needs("comment on pull requests", f"POST {at.PULL_REQUEST}/comments"),
        needs("create its webhook", f"POST {at.HOOKS}"),
        source=f"{_CODERABBIT}/docs/platforms/bitbucket-cloud.md",
        asks=(
            "read:account read:user write:issue read:issue read:workspace admin:project write:webhook read:webhook"
            " read:pipeline read:runner read:repository write:repository read:pullrequest write:pullrequest"
        ),
        asks_dialect="api_token",
        asks_source=f"{_CODERABBIT}/docs/platforms/bitbucket-cloud.md",
        note=(
            "Its code is closed; the calls here are what its documentation describes, and it asks for far more:"
            " administering projects and pushing code among them, without saying why. Ask what each is for before you"
            " grant it. It wants an API token of a service account."
        ),
    ),
    tool(
        "rovo-dev",
        "Rovo Dev",
        "Atlassian's coding agent",
        "person",
        source="https://support.atlassian.com/bitbucket-cloud/docs/rovo-dev-advanced-agentic-configuration/",
        asks=(
            "read:me read:account read:user read:workspace read:project read:repository write:repository"
            " admin:repository read:pullrequest write:pullrequest read:pipeline write:pipeline read:runner"
            " read:permission"
        ),
        asks_dialect="api_token",
        asks_source=f"{_ATLASCODE}/src/atlclients/strategyData.ts",
        note=(
            "It signs in with Atlassian and takes no Bitbucket token; in Agentic Pipelines it brings its own sign-in."
            " What it asks for is the sign-in that Atlassian's VS Code extension shares with it. An API token is only"
            " wanted to add Atlassian's MCP server."
        ),
    ),
    tool(
        "openhands",
        "OpenHands",
        "Coding agent that works in repositories and opens pull requests",
        "person",
        needs("clone, and push its branches", at.GIT_FETCH, at.GIT_PUSH),
        needs("tell whose token it is", "GET /user"),
        needs("list and read repositories", *every("GET", at.REPOSITORIES, at.REPOSITORY, at.FILE)),
        needs("open pull requests", f"POST {at.PULL_REQUESTS}", f"GET {at.PULL_REQUEST}"),
        source=f"{_OPENHANDS}/openhands/integrations/bitbucket/service/base.py",
        note=(
            "Give the token as e-mail:token; without the colon it is sent as an access token. The version read lists"
            " workspaces with GET /workspaces, which Bitbucket removed on 14 April 2026"
            " (https://github.com/All-Hands-AI/OpenHands/blob/5ce2f6947a673f38c2824b545150eadd9661d979"
            "/openhands/integrations/bitbucket/service/repos.py). An API token without scopes looks like a wrong one"
            " (https://github.com/OpenHands/OpenHands/issues/14304)."
        ),
    ),
    tool(
        "n8n",
        "n8n",
        "Start automations when something happens in Bitbucket",
        "machine",
        needs("test the credential", "GET /user"),
        needs("let you choose a workspace and a repository", "GET /user/workspaces", f"GET {at.REPOSITORIES}"),
        needs(
            "create its webhook and remove it",
            *every("GET POST", at.HOOKS, at.WORKSPACE_HOOKS),
            *every("DELETE", at.HOOK, at.WORKSPACE_HOOK),
        ),
        source=f"{_N8N}/packages/nodes-base/nodes/Bitbucket/BitbucketTrigger.node.ts",
        asks="read:user read:workspace read:repository read:webhook write:webhook delete:webhook",
        asks_dialect="api_token",
        asks_source="https://docs.n8n.io/integrations/builtin/credentials/bitbucket/",
        note=(
            "Its documentation asks for exactly what it needs. Until May 2026 it listed workspaces with GET"
            " /workspaces, which is gone (https://github.com/n8n-io/n8n/pull/30646). It also reads the list of events,"
            " for which Bitbucket names no scope."
        ),
    ),
)
