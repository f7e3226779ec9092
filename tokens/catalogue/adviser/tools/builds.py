"""Builds elsewhere, and Bitbucket's own."""

from typing import Final

from tokens.catalogue.adviser import paths as at
from tokens.catalogue.adviser.model import Tool
from tokens.catalogue.adviser.paths import every
from tokens.catalogue.adviser.tools.entry import may_need, needs, tool

_AWS: Final = "https://docs.aws.amazon.com"
_CIRCLECI: Final = "https://github.com/circleci/circleci-docs/blob/00e7d6e8dfe08efa9d7605baea3df9c4622808a7"
_GITLAB: Final = "https://github.com/gitlabhq/gitlabhq/blob/061db733ef661ae6c9f7faa3d2ac52530b8478fa"
_JENKINS: Final = "https://github.com/jenkinsci/bitbucket-branch-source-plugin"
_TEAMCITY: Final = "https://github.com/JetBrains/commit-status-publisher/blob/master"

BUILD_TOOLS: Final[tuple[Tool, ...]] = (
    tool(
        "bitbucket-pipelines",
        "Bitbucket Pipelines",
        "Builds of Bitbucket itself, for the repository they belong to",
        "pipelines",
        needs("check out its own repository", at.GIT_FETCH),
        may_need("when a step pushes back to its own repository", at.GIT_PUSH),
        source="https://community.atlassian.com/t5/Bitbucket-articles/Pushing-back-to-your-repository/ba-p/958407",
        note="No credential is needed for its own repository. Other repositories need one.",
    ),
    tool(
        "jenkins",
        "Jenkins",
        "Find branches and pull requests and build them (Bitbucket Branch Source plugin)",
        "machine",
        needs("check out the code", at.GIT_FETCH),
        needs("look up the repository", f"GET {at.REPOSITORY}"),
        needs("find branches and tags", *every("GET", at.BRANCHES, f"{at.BRANCHES}/{{name}}", at.TAGS)),
        needs(
            "find pull requests to build",
            *every("GET", at.PULL_REQUESTS, at.PULL_REQUEST, f"{at.PULL_REQUEST}/commits"),
        ),
        needs("read the Jenkinsfile and the commit", *every("GET", at.FILE, at.COMMIT, f"{at.REPOSITORY}/commits")),
        needs("post build results", f"POST {at.BUILD_STATUSES}"),
        may_need("with an organization folder: list the repositories", f"GET {at.REPOSITORIES}"),
        may_need("with an organization folder: show the workspace's name", f"GET {at.WORKSPACE}"),
        may_need("with webhooks managed by Jenkins", *every("GET POST", at.HOOKS), *every("PUT DELETE", at.HOOK)),
        source=f"{_JENKINS}/tree/master/src/main/java/com/cloudbees/jenkins/plugins/bitbucket",
        asks="repository pullrequest webhook",
        asks_dialect="classic",
        asks_source=f"{_JENKINS}/blob/3f9f343040755fad922037846bbb29f1274a1c30/docs/USER_GUIDE.adoc",
        note=(
            "Its guide asks for webhooks only where Jenkins is to manage them. Without the workspace's name it works"
            " all the same. Since July 2025 it takes a person's API token and picks the right user name for git and for"
            f" REST by itself ({_JENKINS}/pull/1081); access tokens since December 2024 ({_JENKINS}/pull/934). Jenkins'"
            " plain git plugin wants the user name x-bitbucket-api-token-auth."
        ),
    ),
    tool(
        "teamcity",
        "TeamCity",
        "Build repositories and show the results on commits",
        "machine",
        needs("check out the code", at.GIT_FETCH),
        may_need("with the Commit Status Publisher", f"GET {at.COMMIT}/statuses", f"POST {at.BUILD_STATUSES}"),
        source=(
            f"{_TEAMCITY}/commit-status-publisher-server/src/main/java/jetbrains/buildServer/commitPublisher"
            "/bitbucketCloud/BitbucketCloudPublisher.java"
        ),
        note="The code of its Pull Requests feature was not read; it needs reading pull requests at least.",
    ),
    tool(
        "bamboo",
        "Bamboo",
        "Build linked repositories",
        "machine",
        needs("check out the code", at.GIT_FETCH),
        source=(
            "https://support.atlassian.com/bamboo/kb"
            "/bitbucket-cloud-repository-configuration-fails-in-bamboo-with-api-tokens/"
        ),
        note=(
            "Its code is closed; Atlassian's article tells what failed. The versions it names (9.6.15, 10.2.6, 11.0.3)"
            " took app passwords only and listed repositories with GET /user/permissions/repositories, which Bitbucket"
            " removed on 14 April 2026. Use a version that takes API tokens, or an SSH deploy key."
        ),
    ),
    tool(
        "circleci",
        "CircleCI",
        "Build repositories",
        "machine",
        source=f"{_CIRCLECI}/jekyll/_cci2/bitbucket-integration.adoc",
        note=(
            "It takes no token: somebody signs in with Bitbucket, and CircleCI adds a read-only deploy key and a"
            " webhook to each repository. Its documentation says it asks for administering repositories for that. The"
            " keys stay when that person leaves: remove them."
        ),
    ),
    tool(
        "gitlab-ci",
        "GitLab CI/CD",
        "Mirror a repository into GitLab, build it there and show the results on commits",
        "machine",
        needs("mirror the repository", at.GIT_FETCH),
        needs("post build results with the script of its documentation", f"POST {at.BUILD_STATUSES}"),
        source=f"{_GITLAB}/doc/ci/ci_cd_for_external_repos/bitbucket_integration.md",
        asks="repository:write",
        asks_dialect="classic",
        asks_source=f"{_GITLAB}/doc/ci/ci_cd_for_external_repos/bitbucket_integration.md",
        note=(
            "Its documentation asks for writing, which neither the mirror nor the script needs. It uses one user name"
            " for both: an API token wants x-bitbucket-api-token-auth for the mirror and the e-mail address in the"
            " script. The webhook that starts the mirror is set up by hand."
        ),
    ),
    tool(
        "aws-codebuild",
        "AWS CodeBuild",
        "Build repositories on AWS",
        "machine",
        needs("check out the code", at.GIT_FETCH),
        may_need("with a webhook: create it", f"POST {at.HOOKS}"),
        may_need("with a webhook: look at the pull request", f"GET {at.PULL_REQUEST}"),
        source=f"{_AWS}/codebuild/latest/userguide/access-tokens-bitbucket.md",
        asks="repository pullrequest webhook account",
        asks_dialect="classic",
        asks_source=f"{_AWS}/codebuild/latest/userguide/access-tokens-bitbucket.md",
        note=(
            "Its code is closed; its documentation ties pull requests and webhooks to projects with a webhook, and does"
            " not say what it reads the account for. It takes API tokens with the e-mail address as user name and"
            " access tokens, and picks the user name for git by itself."
        ),
    ),
    tool(
        "aws-codeconnections",
        "AWS CodePipeline (CodeConnections)",
        "Start pipelines on AWS from a repository",
        "machine",
        source=f"{_AWS}/codepipeline/latest/userguide/connections-bitbucket.html",
        note="It takes no token: an administrator of the workspace installs the AWS app.",
    ),
    tool(
        "azure-pipelines",
        "Azure Pipelines",
        "Build repositories on Azure DevOps and show the results on commits",
        "machine",
        needs("check out the code", at.GIT_FETCH),
        needs("post build results", f"POST {at.BUILD_STATUSES}"),
        needs("create the webhook that starts builds", f"POST {at.HOOKS}"),
        source=(
            "https://github.com/MicrosoftDocs/azure-devops-docs/blob/0a6b264d80464d2734e5e869e16a126d80c5c0ce"
            "/docs/pipelines/repos/bitbucket.md"
        ),
        note=(
            "Its code is closed; its documentation names these uses and no scopes. It signs in with OAuth or a user"
            " name and password, always as a person, who must administer the repository; builds run as long"
            " as that person keeps the right."
        ),
    ),
    tool(
        "woodpecker",
        "Woodpecker CI",
        "Build repositories of people who sign in with Bitbucket",
        "machine",
        needs("sign people in", *every("GET", "/user", "/user/emails")),
        needs("list repositories", *every("GET", at.REPOSITORIES, at.REPOSITORY, at.WORKSPACE)),
        needs("tell who may administer", f"GET {at.WORKSPACE}/permissions"),
        needs(
            "read the pipeline's file and the commit", *every("GET", at.FILE, f"{at.REPOSITORY}/commits/{{revision}}")
        ),
        needs("list branches and pull requests", *every("GET", at.BRANCHES, at.PULL_REQUESTS)),
        needs("switch a repository on and off", *every("GET POST", at.HOOKS), *every("GET DELETE", at.HOOK)),
        needs("check out the code", at.GIT_FETCH),
        needs("post build results", f"POST {at.BUILD_STATUSES}"),
        source=(
            "https://github.com/woodpecker-ci/woodpecker/blob/14e2c2ffbb2f20cd8d863eaa85c6fa6be06e1d0c"
            "/server/forge/bitbucket/internal/client.go"
        ),
        note=(
            "It takes no token: an OAuth consumer of the workspace needs the classic scopes, and Woodpecker acts as"
            " each person who signs in. The version read still called GET /workspaces and GET"
            " /user/permissions/repositories, which are gone; the second was replaced in April 2026"
            " (https://github.com/woodpecker-ci/woodpecker/pull/6401). Drone, its ancestor, was not looked at."
        ),
    ),
)
