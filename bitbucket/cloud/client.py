"""All that the portal asks of Bitbucket Cloud, as one object."""

from bitbucket.cloud.account import AccountCalls
from bitbucket.cloud.deploy_keys import DeployKeyCalls
from bitbucket.cloud.grants import GrantCalls
from bitbucket.cloud.opening import OpeningCalls
from bitbucket.cloud.pipelines import PipelineCalls
from bitbucket.cloud.pull_requests import PullRequestCalls
from bitbucket.cloud.repository_rules import RuleCalls
from bitbucket.cloud.workspaces import WorkspaceCalls


class CloudClient(
    AccountCalls, WorkspaceCalls, OpeningCalls, GrantCalls, DeployKeyCalls, RuleCalls, PipelineCalls, PullRequestCalls
):
    """Speaks to Bitbucket Cloud as one account. Each area stands in a file of its own and works on its own.

    Every method raises a `RemoteError` when it has no complete, well-formed answer. Iterators raise in the
    middle when a later page fails: only a finished one is a whole listing. A workspace or a repository is named
    by its uuid or its slug, an account by its uuid or its account_id.

    Args:
        transport: below the API's base URL, `/2.0` included.
        credential: who asks.
    """
