"""What to do when the credential is good but does not reach that far: scopes, rights, and what only reads.

Source: https://confluence.atlassian.com/bbkb/error-403-when-performing-git-operations-1155479141.html
"""

from typing import Final

from tokens.catalogue.diagnosis import actions as do
from tokens.catalogue.diagnosis.model import Action, Advice
from tokens.catalogue.diagnosis.telling import told

ACCESS_ADVICE: Final = (
    Advice(
        "missing_scope",
        "missing_scope",
        "The credential lacks a scope",
        told(
            """
            The credential was accepted; what it may do does not reach that far.
            - Scopes cannot be added to a token: ask for a new one that has them, and revoke the old one when the
              new one works.
            - Ask for what is missing and what you use today, and for nothing more.
            """
        ),
        (do.ASK_FOR_SCOPES, do.TOKEN_PERMISSIONS),
    ),
    Advice(
        "missing_scope_user",
        "missing_scope",
        "The tool may not ask whose token it is",
        told(
            """
            The tool calls /2.0/user to test the token. That needs read:user:bitbucket; the token may be fine for
            all else.
            - Ask for a token that has read:user:bitbucket too, or skip the tool's test where it lets you.
            - An access token of a repository, project or workspace belongs to nobody, so this call never works
              with it.
            """
        ),
        (do.ASK_FOR_SCOPES, do.TOKEN_PERMISSIONS),
    ),
    Advice(
        "no_access_or_not_found",
        "no_access_or_not_found",
        "Bitbucket does not show this repository to this credential",
        told(
            """
            Bitbucket says the same whether it is not there, was renamed, is not open to you, or it could not read
            who you are.
            - Open the address in your browser. If you see it there, your rights are fine and the credential is
              the cause.
            - If you do not see it, check the workspace and the repository in the address, then ask an admin of
              that repository.
            - An access token or deploy key opens only what it was made for.
            """
        ),
        (do.MY_CREDENTIALS, do.TRY_GIT, do.USE_API_TOKEN),
    ),
    Advice(
        "no_right",
        "no_access_or_not_found",
        "Your account has no right to do this there",
        told(
            """
            The credential was accepted. What is missing is the right of the person behind it: write or admin on
            that repository, project or workspace.
            - A token never opens more than its person may, whatever its scopes.
            - Ask an admin of that repository for the right; the token can stay.
            """
        ),
        (
            do.MY_CREDENTIALS,
            do.page(
                "Bitbucket on 403",
                "https://confluence.atlassian.com/bbkb/error-403-when-performing-git-operations-1155479141.html",
            ),
        ),
    ),
    Advice(
        "read_only_credential",
        "read_only_credential",
        "This credential may read, but not write",
        told(
            """
            Fetching would work; pushing is refused.
            - If you have the right to write, ask for a token with read:repository:bitbucket and
              write:repository:bitbucket: a push needs both.
            - If you have not, ask an admin of the repository; a token never opens more than its person may.
            """
        ),
        (Action("request_scopes", "Ask for a token that may push"), do.MY_CREDENTIALS, do.USE_API_TOKEN),
    ),
    Advice(
        "read_only_repository",
        "read_only_credential",
        "The repository is read-only at the moment",
        told(
            """
            Bitbucket accepts no pushes to this repository, from nobody or from this credential.
            - If others can push, the credential only reads: ask for one that may write.
            - If nobody can, it is maintenance (wait a few minutes) or the workspace's plan.
            """
        ),
        (
            do.manual("Why a repository is read-only", "why-is-my-repository-in-read-only-mode/"),
            Action("request_scopes", "Ask for a token that may push"),
        ),
    ),
)
