"""One-time sign-in codes, for the hours in which Bitbucket's sign-in is down."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from accounts.actors import Acting, System, actor, subject
from accounts.models import Person, SigninCode, User
from accounts.operations.errors import NotPossible
from accounts.operations.sessions import user_of
from accounts.roles import roles_of
from audit import trail
from audit.tags import Tag

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is read for something else
CODE_LENGTH = 20  # 98 bits: guessing is hopeless within five minutes
CODE_LIFETIME = timedelta(minutes=5)


def make_signin_code(person: Person, *, acting_user: Acting) -> str:
    """Make a code that lets a person in once within five minutes. Earlier codes of theirs stop working.

    Returns:
        The code, grouped for reading. It is not stored: only its hash is.

    Raises:
        NotPossible: the person may not use the portal.
    """
    with transaction.atomic():
        if not roles_of(person):
            raise NotPossible(f"{person} may not sign in: no seat, not named by the settings, or switched off.")
        person.signin_codes.filter(used_at=None).delete()
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
        SigninCode.objects.create(person=person, code_hash=_hash(code), expires_at=Now() + CODE_LIFETIME)
        trail.record(Tag.SIGNIN_LINK_MADE, actor=actor(acting_user), subject=subject(person), minutes=5)
        return "-".join(code[start : start + 5] for start in range(0, CODE_LENGTH, 5))


def use_signin_code(code: str, *, acting_user: System) -> User:
    """Spend a code and start the session of the person it was made for.

    Args:
        code: as typed; case, spaces and hyphens do not matter.
        acting_user: the sign-in page; the trail names the person once the code says who it is.

    Raises:
        NotPossible: unknown, used, too old, or the person lost the right to sign in meanwhile. The text does
            not say which.
    """
    with transaction.atomic():
        unused = SigninCode.objects.filter(code_hash=_hash(code), used_at=None, expires_at__gt=Now())
        if not unused.update(used_at=Now()):
            raise NotPossible("That code does not work.")
        person = Person.objects.get(signin_codes__code_hash=_hash(code))
        user = user_of(person)
        roles = roles_of(user)
        if not roles:
            raise NotPossible("That code does not work.")
        trail.record(
            Tag.SESSION_START,
            actor=actor(user),
            subject=subject(person),
            method="signin_code",
            let_in_by=acting_user.name,
            roles=sorted(roles),
        )
        return user


def _hash(code: str) -> str:
    plain = "".join(code.upper().split()).replace("-", "")
    return hashlib.sha256(plain.encode()).hexdigest()
