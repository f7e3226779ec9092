"""What this room decides. Each one is a transaction, names its actor, and tells the trail last."""

from accounts.operations.approvers import name_approver, remove_approver
from accounts.operations.errors import NotPossible
from accounts.operations.role_settings import compare_role_settings
from accounts.operations.service_tokens import make_service_token, revoke_service_token
from accounts.operations.sessions import end_session, refuse_sign_in, start_session
from accounts.operations.signin_codes import make_signin_code, use_signin_code

__all__ = [
    "NotPossible",
    "compare_role_settings",
    "end_session",
    "make_service_token",
    "make_signin_code",
    "name_approver",
    "refuse_sign_in",
    "remove_approver",
    "revoke_service_token",
    "start_session",
    "use_signin_code",
]
