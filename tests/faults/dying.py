"""`python -m tests.faults.dying CREDENTIAL ACCOUNT_ID`: click revoke, and die between the commit and the bell."""

import os
import signal
import sys
from unittest.mock import patch

import django


def main(credential: int, account_id: str) -> None:
    """Start a revocation in a process whose bell kills it."""
    django.setup()
    # Models are there only after the setup.
    from accounts.models import User  # noqa: PLC0415
    from tokens.models import Credential  # noqa: PLC0415
    from tokens.operations.revocations import start_revocation  # noqa: PLC0415

    def die(*_: object, **__: object) -> bool:
        os.kill(os.getpid(), signal.SIGKILL)
        return False

    user = User.objects.get(person__account_id=account_id)
    with patch("workqueue.claims.ring", die):
        start_revocation(Credential.objects.get(pk=credential), reason="Not needed any more", acting_user=user)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
