"""What sets Bitbucket up or works beside it."""

from typing import Final

from tokens.catalogue.adviser import paths as at
from tokens.catalogue.adviser.model import Tool
from tokens.catalogue.adviser.paths import every
from tokens.catalogue.adviser.tools.entry import may_need, needs, tool

_JIRA_DATA_CENTER: Final = (
    "https://support.atlassian.com/bitbucket-cloud/docs/connect-bitbucket-cloud-to-jira-software-server/"
)

INFRASTRUCTURE: Final[tuple[Tool, ...]] = (
    tool(
        "terraform",
        "Terraform",
        "Describe repositories and their settings as code (provider DrFaust92/bitbucket)",
        "machine",
        needs("read a repository", f"GET {at.REPOSITORY}"),
        needs("read a repository's settings", *every("GET", at.PIPELINES_CONFIG, f"{at.REPOSITORY}/override-settings")),
        may_need("when a repository is created or changed", *every("POST PUT", at.REPOSITORY)),
        may_need("when settings change", *every("PUT", at.PIPELINES_CONFIG, f"{at.REPOSITORY}/override-settings")),
        may_need("when a repository is taken out of the code", f"DELETE {at.REPOSITORY}"),
        source=(
            "https://github.com/DrFaust92/terraform-provider-bitbucket/blob/1a49255cab7828c4340402329f00f67ebf094c74"
            "/bitbucket/resource_repository.go"
        ),
        note=(
            "This is the resource bitbucket_repository alone; other resources call what their names say. Even a plan"
            " needs to administer repositories, because it reads their settings. `username` is the e-mail address with"
            " an API token (https://www.pulumi.com/registry/packages/bitbucket); it takes OAuth as well. Without the"
            " permission to delete, taking a repository out of the code fails instead of destroying it."
        ),
    ),
    tool(
        "atlantis",
        "Atlantis",
        "Run Terraform from comments on pull requests",
        "machine",
        needs("check out the code", at.GIT_FETCH),
        needs("read pull requests", *every("GET", at.PULL_REQUEST, f"{at.PULL_REQUEST}/diffstat")),
        needs("answer in comments", f"POST {at.PULL_REQUEST}/comments"),
        needs("post build results", f"POST {at.BUILD_STATUSES}"),
        may_need("with automerge", f"POST {at.PULL_REQUEST}/merge"),
        may_need("when old comments are hidden: tell which are its own", "GET /user"),
        may_need(
            "when old comments are hidden", f"GET {at.PULL_REQUEST}/comments", f"DELETE {at.PULL_REQUEST_COMMENT}"
        ),
        source=(
            "https://github.com/runatlantis/atlantis/blob/009e1684fc236b97ea551370dd05008007c61653"
            "/server/events/vcs/bitbucketcloud/client.go"
        ),
        note=(
            "It keeps two user names apart: one for git, and one for REST, which with an API token is the e-mail"
            " address. It signs in with a user name and password only."
        ),
    ),
    tool(
        "jira-cloud",
        "Jira Cloud",
        "Show branches, commits and pull requests in work items",
        "machine",
        source=(
            "https://confluence.atlassian.com/adminjiraserver102"
            "/getting-started-with-bitbucket-and-jira-cloud-1473876216.html"
        ),
        note="It takes no token: administrators connect the two products, and Jira has an app of its own in Bitbucket.",
    ),
    tool(
        "jira-data-center",
        "Jira Data Center",
        "Show branches, commits and pull requests in issues (DVCS connector)",
        "machine",
        source=_JIRA_DATA_CENTER,
        asks="account:write repository:admin pullrequest webhook",
        asks_dialect="classic",
        asks_source=_JIRA_DATA_CENTER,
        note=(
            "It takes no token: an OAuth consumer of the workspace carries these. Its code was not read, and its"
            " documentation does not say why showing pull requests needs to change accounts and administer"
            " repositories. Whoever holds the consumer's secret can delete repositories."
        ),
    ),
    tool(
        "slack",
        "Slack",
        "Tell a channel what happens in a repository",
        "machine",
        source=(
            "https://community.atlassian.com/t5/Bitbucket-articles"
            "/Upgrade-the-Bitbucket-Cloud-Slack-integration-to-granular/ba-p/1527091"
        ),
        note="It takes no token: Bitbucket's own app for Slack is installed, and people sign in to it.",
    ),
)
