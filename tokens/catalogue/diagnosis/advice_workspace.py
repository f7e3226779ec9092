"""What to do when the workspace's own rules say no: networks, two steps, branches, limits, plans.

Sources: https://support.atlassian.com/bitbucket-cloud/docs/control-access-to-private-content-in-a-workspace/ (networks,
two steps), https://support.atlassian.com/bitbucket-cloud/kb/unable-to-push-to-repository-pre-receive-hook-declined-error/
(branches), https://support.atlassian.com/bitbucket-cloud/docs/api-request-limits/ (limits).
"""

from typing import Final

from tokens.catalogue.diagnosis import actions as do
from tokens.catalogue.diagnosis.model import Advice
from tokens.catalogue.diagnosis.telling import told

_ACCESS_CONTROLS: Final = "control-access-to-private-content-in-a-workspace/"

WORKSPACE_ADVICE: Final = (
    Advice(
        "rate_limited",
        "rate_limited",
        "Too many requests in one hour",
        told(
            """
            The credential is fine. Bitbucket counts requests by account and hour, and this hour's are spent.
            - Wait; the count moves on all the time, and after an hour it is empty. Obey Retry-After where it is
              sent.
            - Requests without a credential have only 60 an hour: make sure that the tool signs in.
            - Ask less often, ask for 100 items a page, and give each machine a credential of its own.
            """
        ),
        (do.manual("Bitbucket's limits", "api-request-limits/"),),
    ),
    Advice(
        "ip_allowlist",
        "ip_allowlist",
        "The workspace is open to certain networks only",
        told(
            """
            Your address is not on the workspace's list, so every credential is refused from here.
            - Connect to the company's network or VPN and try again.
            - For a build server, ask a workspace admin to add the address it goes out with.
            """
        ),
        (do.manual("How the list works", _ACCESS_CONTROLS),),
    ),
    Advice(
        "two_step_required",
        "two_step_required",
        "The workspace asks for two-step verification",
        told(
            """
            Your account has none yet, so Bitbucket refuses every credential of it here.
            - Switch it on for your Atlassian account, then try again with the same credential.
            - Where the company signs you in, ask whoever runs that sign-in.
            """
        ),
        (do.manual("Switch on two-step verification", "enable-two-step-verification/"),),
    ),
    Advice(
        "branch_restriction",
        "branch_restriction",
        "This branch is protected",
        told(
            """
            The credential is fine: a branch restriction or merge check says no.
            - Push to a branch of your own and open a pull request.
            - If you should be allowed to push here, a repository admin can put you on the branch's list.
            - Access tokens cannot be put on that list, so a build has to go through a pull request too.
            """
        ),
        (
            do.article("Bitbucket on refused pushes", "unable-to-push-to-repository-pre-receive-hook-declined-error/"),
            do.copied("Push to a branch of your own", "git push origin HEAD:refs/heads/my-change"),
        ),
    ),
    Advice(
        "plan_limit",
        "plan_limit",
        "The workspace's plan does not allow this",
        told(
            """
            The credential is fine. The plan has run out (users, build minutes, storage), was not paid, or lacks
            this feature.
            - With too many users, Bitbucket lets private repositories only be read until the number fits.
            - Tell a workspace admin: only they can see the plan and change it. A new token would not help.
            """
        ),
        (
            do.article(
                "Bitbucket on the user limit",
                "fix-error-your-push-failed-because-the-account-has-exceeded-its-user-limit/",
            ),
        ),
    ),
    Advice(
        "plan_minutes",
        "plan_limit",
        "The workspace has used up its build minutes",
        told(
            """
            The credential is fine. Pipelines do not start until the next month or until minutes are bought.
            - Tell a workspace admin: only they can see the plan and buy minutes. A new token would not help.
            """
        ),
        (do.manual("Build minutes by plan", "limitations-of-bitbucket-pipelines/"),),
    ),
)
