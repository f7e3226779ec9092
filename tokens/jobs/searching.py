"""What to search the organisation's listing for, so that nothing that is there stays hidden."""

from tokens.codes import carries_code
from tokens.models import Credential


def search_words(credential: Credential) -> str:
    """The code where its stored label carries it; else nothing, which is a search for everything.

    A stored label may be cut or masked, and must not hide what is still there.
    """
    code = credential.request.code if credential.request is not None else ""
    return code if code and carries_code(credential.listing_label, code) else ""
