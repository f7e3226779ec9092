"""`python -m tests.faults.dying CREDENTIAL ACCOUNT_ID`: click revoke, and die between the commit and the bell."""

import os
import signal
import sys

import django


def main(credential: int, account_id: str) -> None:
    """Start a revocation in a process whose bell kills it."""
    django.setup()
    from accounts.models import User
    from tokens.models import Credential
    from tokens.operations.revocations import start_revocation
    from workqueue import claims

    def die(*_: object, **__: object) -> bool:
        os.kill(os.getpid(), signal.SIGKILL)
        return False

    claims.ring = die
    user = User.objects.get(person__account_id=account_id)
    start_revocation(Credential.objects.get(pk=credential), reason="Not needed any more", acting_user=user)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
