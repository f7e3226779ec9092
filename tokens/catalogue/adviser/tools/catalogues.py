"""Catalogues, code search and code quality."""

from typing import Final

from tokens.catalogue.adviser import paths as at
from tokens.catalogue.adviser.model import Tool
from tokens.catalogue.adviser.paths import every
from tokens.catalogue.adviser.tools.entry import may_need, needs, tool

_BACKSTAGE: Final = "https://github.com/backstage/backstage/blob"
_CODECOV: Final = "https://github.com/codecov"
_PORT: Final = "https://github.com/port-labs/ocean/blob"
_SONARQUBE: Final = "https://github.com/SonarSource/sonarqube/blob/master"
_SOURCEGRAPH: Final = "https://github.com/sourcegraph/docs/blob"
_CODE_SEARCH: Final = f"GET {at.WORKSPACE}/search/code"
_SEARCH_ENDS: Final = "Bitbucket's code search counts as deprecated since 1 November 2026."

CATALOGUES: Final[tuple[Tool, ...]] = (
    tool(
        "backstage",
        "Backstage",
        "List services with what their repositories say about them",
        "machine",
        needs("read catalog files", f"GET {at.REPOSITORY}", f"GET {at.FILE}"),
        may_need("with discovery", _CODE_SEARCH, f"GET {at.REPOSITORIES}"),
        may_need("with templates that choose a project", f"GET {at.PROJECTS}"),
        may_need("with templates that create repositories", f"POST {at.REPOSITORY}", at.GIT_FETCH, at.GIT_PUSH),
        source=f"{_BACKSTAGE}/01407bf4bd3171113bb8ef83984e5fc4448aa68e/packages/integration/src/bitbucketCloud/core.ts",
        note=(
            "A token beside `username` (the e-mail address) is an API token, a token alone an access token; an OAuth"
            f" consumer works too. {_SEARCH_ENDS} The version of its client that was read lists workspaces for"
            " templates with GET /workspaces, which is gone"
            f" ({_BACKSTAGE}/0aaf020359d48d57074ca259e59d1c47ee96de17/plugins/bitbucket-cloud-common/src"
            "/BitbucketCloudClient.ts)."
        ),
    ),
    tool(
        "port",
        "Port",
        "List services with what their repositories say about them",
        "machine",
        needs("list projects", f"GET {at.PROJECTS}"),
        needs("list and read repositories", *every("GET", at.REPOSITORIES, at.REPOSITORY, at.FILE)),
        needs("list pull requests", *every("GET", at.PULL_REQUESTS, at.PULL_REQUEST)),
        may_need("with files found by search", _CODE_SEARCH),
        may_need("with live events: create its webhook", *every("GET POST", at.WORKSPACE_HOOKS)),
        source=(
            f"{_PORT}/0251e5aff0ca36b471a661601f0895e9bdf28fd5/integrations/bitbucket-cloud/bitbucket_cloud/client.py"
        ),
        note=(
            "It takes a workspace access token, or an API token with the e-mail address. The webhook can be made by"
            f" hand instead. {_SEARCH_ENDS}"
        ),
    ),
    tool(
        "sourcegraph",
        "Sourcegraph",
        "Search code, and change it in many repositories (Batch Changes)",
        "machine",
        needs("mirror repositories", at.GIT_FETCH),
        needs("list repositories and projects", *every("GET", at.REPOSITORIES, at.PROJECTS)),
        may_need("with Batch Changes: push branches", at.GIT_PUSH),
        may_need(
            "with Batch Changes: open and update pull requests",
            f"POST {at.PULL_REQUESTS}",
            *every("GET PUT", at.PULL_REQUEST),
        ),
        source=f"{_SOURCEGRAPH}/0a5ad36bbcbefc9e369af07dfddfdd1fef1ca021/docs/admin/code_hosts/bitbucket_cloud.mdx",
        asks="read:account read:repository read:pipeline write:repository write:pullrequest",
        asks_dialect="api_token",
        asks_source=(
            f"{_SOURCEGRAPH}/0007320590cc9f43cf29512a43c8e32cf2efab29/docs/batch-changes/configuring-credentials.mdx"
        ),
        note=(
            "Its code is closed; its documentation names these uses. What it asks for is the list for Batch Changes: it"
            " has read:pipeline, for which no use is named, and lacks read:pullrequest, without which Bitbucket refuses"
            " to open one. For searching, its other page asks for Projects: Read, and a workspace access token will do."
        ),
    ),
    tool(
        "sonarqube",
        "SonarQube Server",
        "Import repositories and show the quality of code in pull requests",
        "machine",
        needs("list repositories to import", *every("GET", at.REPOSITORIES, at.REPOSITORY)),
        source=(
            f"{_SONARQUBE}/server/sonar-alm-client/src/main/java/org/sonar/alm/client/bitbucket/bitbucketcloud"
            "/BitbucketCloudRestClient.java"
        ),
        asks="pullrequest",
        asks_dialect="classic",
        asks_source=(
            "https://docs.sonarsource.com/sonarqube-server/2026.3/instance-administration/devops-platforms"
            "/bitbucket-cloud"
        ),
        note=(
            "Two credentials: for importing, each person's API token with the e-mail address (it refuses app passwords"
            " and takes access tokens); for showing results, a private OAuth consumer of the workspace, which must have"
            " pullrequest, that is what its documentation asks for. The code that shows results is closed. SonarQube"
            " Cloud was not looked at."
        ),
    ),
    tool(
        "codecov",
        "Codecov",
        "Show test coverage in pull requests",
        "machine",
        source=f"{_CODECOV}/umbrella/blob/1f703b3ae35be5a6f894b96b6ccd007627c2103f/libs/shared/shared/torngit/bitbucket.py",
        note=(
            "It takes no token: somebody signs in with Bitbucket (OAuth), and it posts comments and build results as"
            " that person. The version read asks GET /user/permissions/workspaces for its workspaces, which is gone; a"
            f" change replaces it ({_CODECOV}/umbrella/pull/883)."
        ),
    ),
)
