"""What to do when no credential can help: the network, the machine, git itself, other services.

Sources: https://support.atlassian.com/bitbucket-cloud/docs/reduce-repository-size/ (sizes),
the manuals of git and curl.
"""

from typing import Final

from tokens.catalogue.diagnosis import actions as do
from tokens.catalogue.diagnosis.model import Action, Advice
from tokens.catalogue.diagnosis.telling import told

_STATUS: Final = do.page("Is Bitbucket well?", "https://bitbucket.status.atlassian.com/")
_SSH_MOVED: Final = (
    "https://community.atlassian.com/forums/Bitbucket-articles/"
    "Upcoming-change-to-Bitbucket-Cloud-SSH-access-move-from/ba-p/3234032"
)
_NO_TOKEN_HELPS: Final = "No new token will change this."  # noqa: S105


def _elsewhere(slug: str, title: str, text: str, actions: tuple[Action, ...] = ()) -> Advice:
    return Advice(slug, "not_credential_related", title, (*told(text), _NO_TOKEN_HELPS), actions)


ELSEWHERE_ADVICE: Final = (
    Advice(
        "not_credential_related",
        "not_credential_related",
        "This has nothing to do with a credential",
        ("The credential is not the cause: look at the machine and the network between.", _NO_TOKEN_HELPS),
    ),
    _elsewhere(
        "proxy",
        "The proxy said no, not Bitbucket",
        """
        The request ended at the proxy between you and Bitbucket: it wants a sign-in of its own, or does not
        let you through.
        - Check HTTPS_PROXY and git's http.proxy, and ask whoever runs the proxy about bitbucket.org and
          api.bitbucket.org.
        """,
        actions=(do.copied("What git thinks of a proxy", "git config --show-origin --get-all http.proxy"),),
    ),
    _elsewhere(
        "tls",
        "Your computer does not trust the connection",
        """
        The certificate could not be checked, so nothing was sent. Usually a company's own proxy signs the
        traffic.
        - Give git and the tool your company's root certificate. Do not switch the check off: your token would
          be readable on the way.
        """,
        actions=(
            do.copied("Tell git", "git config --global http.sslCAInfo /path/to/company-root.pem"),
            do.copied("On Windows, use the system's certificates", "git config --global http.sslBackend schannel"),
        ),
    ),
    _elsewhere(
        "dns",
        "The name of the server was not found",
        """
        Your computer could not look up the address: no network, no VPN, a wrong name, or a DNS server that
        does not answer.
        - Check the name for typing errors, then the network. In a build, check what the container uses for
          DNS.
        """,
        actions=(do.copied("Look it up", "nslookup bitbucket.org"),),
    ),
    _elsewhere(
        "disk",
        "There is no room left on the disk",
        """
        git could not write what it fetched or packed.
        - Free some space on the machine that runs this, or give the build a bigger disk.
        """,
        actions=(do.copied("How full is it?", "df -h ."),),
    ),
    _elsewhere(
        "size",
        "What is being sent is too big",
        """
        Bitbucket limits a push to 3.5 GB, a file in it to 100 MB unless an admin lifts that, and a repository
        to 4 GB.
        - Take the big files out of the commits, or keep them in Git LFS. A proxy may have a smaller limit of
          its own (413).
        """,
        actions=(do.manual("How to make a repository smaller", "reduce-repository-size/"),),
    ),
    _elsewhere(
        "history",
        "Your copy and Bitbucket's do not fit together",
        """
        Bitbucket took the credential. git stopped because of commits, branches or conflicts.
        - Fetch, then merge or rebase, resolve what conflicts, and push again. Check the name of the branch if
          git cannot find it.
        """,
        actions=(do.copied("Catch up", "git pull --rebase"),),
    ),
    _elsewhere(
        "working_copy",
        "Something is wrong with the folder on this machine",
        """
        git could not read or write its own files here: wrong folder, wrong owner, a lock that was left, or a
        path too long.
        - Look at the path in the message and put it right, or clone afresh.
        """,
    ),
    _elsewhere(
        "host_key",
        "The server's SSH identity is not the one you know",
        """
        ssh stopped before any key of yours was used: the name is new to it, Bitbucket changed its host key,
        or somebody stands between. ssh.bitbucket.org, where SSH moved in November 2026, is such a new name.
        - Compare the fingerprint with the one Bitbucket publishes. Only if they match, remove the old entry
          and connect again.
        """,
        actions=(
            do.manual("Bitbucket's host keys", "configure-ssh-and-two-step-verification/"),
            do.copied("Forget the old host key", "ssh-keygen -R bitbucket.org"),
        ),
    ),
    _elsewhere(
        "ssh_moved",
        "SSH has moved to ssh.bitbucket.org",
        """
        Bitbucket announced that bitbucket.org takes no SSH after 12 November 2026; SSH answers at
        ssh.bitbucket.org.
        - Change the address of the remote. ssh will ask about the new name once: compare the fingerprint with
          the one that Bitbucket publishes.
        - If it fails at the new name too, a firewall or VPN blocks port 22; use HTTPS then.
        """,
        actions=(
            do.page("Bitbucket's announcement", _SSH_MOVED),
            do.copied("The new address", "git remote set-url origin git@ssh.bitbucket.org:{path}"),
            do.TRY_SSH,
        ),
    ),
    _elsewhere(
        "network",
        "The connection broke or never came about",
        """
        Nothing was refused; the line was cut, blocked or too slow.
        - Try again. If it stays, check VPN and firewall: HTTPS needs port 443, SSH port 22. Where SSH is
          blocked, use HTTPS.
        """,
        actions=(_STATUS, do.copied("Does the line hold?", "curl --head https://bitbucket.org")),
    ),
    _elsewhere(
        "server",
        "Bitbucket has trouble of its own",
        """
        A status of 500 and above is a fault over there, not in what you sent.
        - Look at Bitbucket's status page and try again in a few minutes.
        """,
        actions=(_STATUS,),
    ),
    _elsewhere(
        "other_service",
        "Another service refused this",
        """
        The message comes from a package or image registry, not from Bitbucket.
        - Look at the credentials and limits of that registry.
        """,
    ),
)
