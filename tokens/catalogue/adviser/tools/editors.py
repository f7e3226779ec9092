"""git, and the programs that people work in."""

from typing import Final

from tokens.catalogue.adviser import paths as at
from tokens.catalogue.adviser.model import Tool
from tokens.catalogue.adviser.paths import every
from tokens.catalogue.adviser.tools.entry import may_need, needs, tool

_ATLASCODE: Final = "https://github.com/atlassian/atlascode/blob"
_GCM: Final = "https://github.com/git-ecosystem/git-credential-manager/blob"
_GITHUB_DESKTOP: Final = "https://github.com/desktop/desktop/blob/70c4025f68fdb5bc9c32c329f188ab0855f8fd17"
_SOURCETREE: Final = (
    "https://support.atlassian.com/bitbucket-cloud/docs/add-an-api-token-to-sourcetree-or-another-application/"
)
_WORK_IN_GIT: Final = (
    needs("clone, fetch and pull", at.GIT_FETCH),
    may_need("when you push", at.GIT_PUSH),
)

EDITORS: Final[tuple[Tool, ...]] = (
    tool(
        "git",
        "git",
        "Clone, pull and push on the command line",
        "person",
        *_WORK_IN_GIT,
        source="https://support.atlassian.com/bitbucket-cloud/docs/using-api-tokens",
        note=(
            "The user name is your Bitbucket user name or x-bitbucket-api-token-auth for an API token, x-token-auth for"
            " an access token. The e-mail address does not work for git."
        ),
    ),
    tool(
        "git-credential-manager",
        "Git Credential Manager",
        "Keep the credential for git",
        "person",
        *_WORK_IN_GIT,
        needs("look up your user name", "GET /user"),
        source=f"{_GCM}/b550293f4c509288c64032c0e4ffbcba285de0f2/src/shared/Atlassian.Bitbucket/Cloud/BitbucketRestApi.cs",
        asks="repository:write account",
        asks_dialect="classic",
        asks_source=(
            f"{_GCM}/228f7cd072e442adb60dbb897b9964e1a2c22635/src/shared/Atlassian.Bitbucket/Cloud"
            "/BitbucketOAuth2Client.cs"
        ),
        note=(
            "It asks for these when it signs in with the browser (OAuth), even if you only read. It sends the same user"
            " name to REST and to git, and an API token wants a different one for each."
        ),
    ),
    tool(
        "sourcetree",
        "Sourcetree",
        "Work in git with windows and buttons",
        "person",
        *_WORK_IN_GIT,
        needs("sign in", "GET /user"),
        needs("list workspaces and repositories", "GET /user/workspaces", f"GET {at.REPOSITORIES}"),
        may_need("with pull requests", f"GET {at.PULL_REQUESTS}", f"POST {at.PULL_REQUESTS}"),
        source=_SOURCETREE,
        asks="read:user read:workspace read:repository write:repository read:pullrequest write:pullrequest",
        asks_dialect="api_token",
        asks_source=_SOURCETREE,
        note=(
            "Its code is closed; Atlassian's page names these uses, and calls the two for pull requests optional. It"
            " wants the e-mail address, and at least version 3.4.24 (Windows) or 4.2.14 (macOS)."
        ),
    ),
    tool(
        "fork",
        "Fork",
        "Work in git with windows and buttons",
        "person",
        *_WORK_IN_GIT,
        needs("sign in", "GET /user"),
        needs("list workspaces and repositories", "GET /user/workspaces", f"GET {at.REPOSITORIES}"),
        needs("list pull requests", f"GET {at.PULL_REQUESTS}"),
        source="https://github.com/fork-dev/Tracker/issues/2617",
        asks="read:user read:repository read:workspace write:repository read:pullrequest",
        asks_dialect="api_token",
        asks_source="https://github.com/fork-dev/Tracker/issues/2617",
        note=(
            "Its code is closed; what it insists on was told by a user of version 2.19, and the calls are read off"
            " that. It refuses a token that lacks any of them, also one that only reads."
        ),
    ),
    tool(
        "gitkraken",
        "GitKraken",
        "Work in git with windows and buttons",
        "person",
        *_WORK_IN_GIT,
        source="https://support.gitkraken.com/gitkraken-desktop/authentication",
        note="Its code is closed and its page on Bitbucket was not read: this is git over HTTPS or SSH and no more.",
    ),
    tool(
        "github-desktop",
        "GitHub Desktop",
        "Work in git with windows and buttons",
        "person",
        *_WORK_IN_GIT,
        source=f"{_GITHUB_DESKTOP}/docs/integrations/bitbucket.md",
        asks="repository repository:write",
        asks_dialect="classic",
        asks_source=f"{_GITHUB_DESKTOP}/docs/integrations/bitbucket.md",
        note="It only uses git, so the user name is that of git. Its page still speaks of app passwords.",
    ),
    tool(
        "vscode",
        "Visual Studio Code",
        "Work on pull requests in the editor (Atlassian's extension)",
        "person",
        *_WORK_IN_GIT,
        needs("sign in", *every("GET", "/user", "/user/emails")),
        needs("read files", f"GET {at.FILE}"),
        needs(
            "show pull requests",
            *every(
                "GET",
                at.PULL_REQUESTS,
                at.PULL_REQUEST,
                f"{at.PULL_REQUEST}/commits",
                f"{at.PULL_REQUEST}/diffstat",
                f"{at.PULL_REQUEST}/statuses",
                f"{at.PULL_REQUEST}/tasks",
            ),
        ),
        needs("suggest reviewers", f"GET {at.REPOSITORY}/default-reviewers"),
        may_need("when you comment or add tasks", f"POST {at.PULL_REQUEST}/comments", f"POST {at.PULL_REQUEST}/tasks"),
        may_need("when you open or change a pull request", f"POST {at.PULL_REQUESTS}", f"PUT {at.PULL_REQUEST}"),
        may_need("when you approve or merge", f"POST {at.PULL_REQUEST}/approve", f"POST {at.PULL_REQUEST}/merge"),
        may_need("to find reviewers among everybody", f"GET {at.WORKSPACE}/members"),
        source=(f"{_ATLASCODE}/275133260ab3050c429c50d524779c0d53634a9c/src/bitbucket/bitbucket-cloud/pullRequests.ts"),
        note=(
            "The extension signs in with the browser (OAuth) and takes no API token for Bitbucket Cloud in the version"
            " read; only git needs one. It also calls addresses of Bitbucket's own, which no document describes."
            " Where listing members is refused it goes on without."
        ),
    ),
    tool(
        "jetbrains",
        "IntelliJ IDEA and other JetBrains IDEs",
        "Work in git, and on pull requests with a plugin",
        "person",
        *_WORK_IN_GIT,
        source="https://majera-software.com/docs/bitbucket-integration/authentication",
        note=(
            "The page is that of the Bitbucket plugin by Majera, whose code was not read: for Bitbucket Cloud it signs"
            " in with the browser and takes no token, so only git needs one."
        ),
    ),
)
