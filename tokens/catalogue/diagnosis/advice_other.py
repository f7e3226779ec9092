"""What to do about endpoints that Bitbucket has removed, about other hosts, and where nothing is recognised.

Sources: https://developer.atlassian.com/cloud/bitbucket/changelog (CHANGE-2770, and CHANGE-3022 for what stands in its
place), https://gitlab.com/gitlab-org/gitlab/-/work_items/601061 (issues and wikis).
"""

from typing import Final

from tokens.catalogue.diagnosis import actions as do
from tokens.catalogue.diagnosis.model import Advice
from tokens.catalogue.diagnosis.telling import told

_CHANGELOG: Final = do.page("Bitbucket's changelog", "https://developer.atlassian.com/cloud/bitbucket/changelog/")

OTHER_ADVICE: Final = (
    Advice(
        "removed_endpoint",
        "removed_endpoint",
        "The tool calls something that Bitbucket has removed",
        told(
            """
            The credential is fine; the address that was called is gone, for everybody.
            - Update the tool. If it is your own script, look up in the changelog what stands in the place of the
              call.
            - The scopes of the new call may differ: paste it into the adviser before you ask for a token.
            """
        ),
        (_CHANGELOG,),
    ),
    Advice(
        "removed_listing",
        "removed_endpoint",
        "The lists across all workspaces are gone",
        told(
            """
            Bitbucket removed GET /2.0/workspaces, /2.0/repositories, /2.0/user/permissions/workspaces and
            /2.0/user/permissions/repositories on 14 April 2026 (CHANGE-2770).
            - Call /2.0/user/workspaces for the workspaces, /2.0/user/workspaces/{workspace}/permission for your
              right in one, and /2.0/repositories/{workspace} for the repositories of one.
            - Update the tool; newer versions do this. /2.0/user/workspaces needs read:workspace:bitbucket.
            """
        ),
        (
            _CHANGELOG,
            do.copied(
                "Which workspaces am I in?", "curl --user 'YOUR_EMAIL' https://api.bitbucket.org/2.0/user/workspaces"
            ),
        ),
    ),
    Advice(
        "removed_issues",
        "removed_endpoint",
        "Bitbucket's issue tracker and wiki are gone",
        told(
            """
            Bitbucket removed both with their API on 20 August 2026. Nothing stands in their place there; most
            teams moved to Jira and Confluence.
            - Switch off what the tool does with issues or wikis. Scopes for them open nothing any more.
            """
        ),
        (_CHANGELOG,),
    ),
    Advice(
        "other_host",
        "other",
        "This is not about Bitbucket",
        told(
            """
            The text speaks of another git host. This portal knows Bitbucket Cloud only and cannot tell what that
            host means.
            - Look for the message in that host's manual.
            """
        ),
    ),
    Advice(
        "data_center",
        "other",
        "This looks like Bitbucket Data Center",
        told(
            """
            The address belongs to a Bitbucket that a company runs itself. Its tokens, scopes and messages are
            different, and this portal makes none for it.
            - Ask whoever runs it.
            """
        ),
    ),
    Advice(
        "other",
        "other",
        "We do not recognise this",
        told(
            """
            Nothing in the text says why it failed.
            - Paste more of it: the command, the lines that start with “remote:” or “fatal:”, and the HTTP status.
            - For git, set GIT_CURL_VERBOSE=1 and try again; for curl, add --include.
            - It is safe to paste here: secrets are hidden first, and nothing is kept.
            """
        ),
        (do.copied("Let git say more", "GIT_CURL_VERBOSE=1 git ls-remote origin"), do.TRY_REST),
    ),
    Advice(
        "nothing_pasted",
        "other",
        "There is nothing to look at",
        told(
            """
            The text is empty. Paste what git, curl, the build or your IDE said.
            """
        ),
    ),
)
