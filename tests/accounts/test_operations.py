"""What this room decides, and what the trail hears of it."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db.models.functions import Now
from django.test import Client
from pytest_django import Settings

from accounts.actors import SIGN_IN, SYSTEM, System, Visitor, actor
from accounts.models import Seat, SigninCode, User
from accounts.notifications import approvers
from accounts.operations import (
    NotPossible,
    compare_role_settings,
    make_signin_code,
    name_approver,
    remove_approver,
    use_signin_code,
)
from accounts.roles import Role, roles_of
from audit.models import Event
from tests.accounts.people import make_person, make_user


def told() -> list[tuple[str, str, str]]:
    return list(Event.objects.order_by("seq").values_list("tag", "actor_label", "subject_label"))


def test_ada_names_an_approver_and_takes_it_back(ada: User, emma: User) -> None:
    assert name_approver(emma.person, acting_user=ada)
    assert roles_of(emma) == {Role.EMPLOYEE, Role.APPROVER}
    assert list(approvers()) == [emma.person]
    assert not name_approver(emma.person, acting_user=ada)
    assert remove_approver(emma.person, acting_user=ada)
    assert roles_of(emma) == {Role.EMPLOYEE}
    assert not remove_approver(emma.person, acting_user=ada)
    assert told() == [("role:granted", "Ada", "Emma"), ("role:removed", "Ada", "Emma")]
    assert Event.objects.latest("seq").details == {"role": "approver"}


@pytest.mark.parametrize("operation", [name_approver, remove_approver])
def test_only_an_admin_names_approvers(operation: object, emma: User, aria: User, otto: User) -> None:
    assert callable(operation)
    for nobody in (emma, aria, otto, Visitor("712020:ada", "Ada")):
        with pytest.raises(PermissionDenied):
            operation(emma.person, acting_user=nobody)
    assert not Event.objects.exists()


def test_an_admin_who_was_one_until_a_moment_ago(ada: User, emma: User, settings: Settings) -> None:
    assert ada.has_perm("accounts.manage_approvers")
    settings.PORTAL_ADMINS = []
    with pytest.raises(PermissionDenied):
        name_approver(emma.person, acting_user=ada)


def test_whom_nobody_can_name(ada: User, otto: User) -> None:
    stranger, former = make_person("lee"), make_user("sam", seat=False)
    for person, words in ((stranger, "not signed in"), (former.person, "no seat"), (otto.person, "auditor")):
        with pytest.raises(NotPossible, match=words):
            name_approver(person, acting_user=ada)


def test_approvers_are_those_who_can_decide_now(aria: User, ada: User, otto: User) -> None:
    for user in (ada, otto, make_user("lee"), make_user("sam", approver=True)):
        user.groups.set(aria.groups.all())
    Seat.objects.filter(person__account_id="712020:sam").delete()
    User.objects.filter(username="712020:lee").update(is_active=False)
    assert [str(person) for person in approvers()] == ["Ada", "Aria"]


def test_settings_that_grant_rights_are_told_once(db: None, settings: Settings) -> None:
    command = System("record_settings", kind="command")
    assert len(compare_role_settings(acting_user=command)) == 5
    assert compare_role_settings(acting_user=command) == []
    settings.PORTAL_ADMINS = ["712020:emma"]
    assert compare_role_settings(acting_user=command) == ["PORTAL_ADMINS"]
    event = Event.objects.latest("seq")
    assert (event.tag, event.actor_kind, event.subject_id) == ("settings:changed", "command", "PORTAL_ADMINS")
    assert event.details == {"added": ["712020:emma"], "removed": ["712020:ada"]}


def test_the_command_says_what_changed(db: None) -> None:
    first, second = StringIO(), StringIO()
    call_command("record_settings", stdout=first)
    call_command("record_settings", stdout=second)
    assert "PORTAL_ADMINS" in first.getvalue()
    assert second.getvalue() == "Nothing changed.\n"


def test_a_code_lets_one_person_in_once(ada: User, client: Client) -> None:
    code = make_signin_code(ada.person, acting_user=SYSTEM)
    assert code.replace("-", "") not in repr(list(SigninCode.objects.values()))
    answer = client.post("/signin/link/", {"code": f" {code.lower()} "})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/people/").status_code == 200
    assert told() == [("signin_link:made", "portal", "Ada"), ("session:start", "Ada", "Ada")]
    assert Event.objects.latest("seq").details["method"] == "signin_code"
    again = Client().post("/signin/link/", {"code": code})
    assert again.status_code == 403
    assert 'data-reason="wrong_code"' in again.content.decode()


def test_a_code_ends_after_five_minutes(ada: User) -> None:
    code = make_signin_code(ada.person, acting_user=SYSTEM)
    SigninCode.objects.update(expires_at=Now() - timedelta(seconds=1))
    with pytest.raises(NotPossible):
        use_signin_code(code, acting_user=SIGN_IN)


def test_a_new_code_ends_the_one_before(ada: User) -> None:
    first = make_signin_code(ada.person, acting_user=SYSTEM)
    make_signin_code(ada.person, acting_user=SYSTEM)
    with pytest.raises(NotPossible):
        use_signin_code(first, acting_user=SIGN_IN)


def test_a_code_is_worth_no_more_than_the_person(emma: User) -> None:
    code = make_signin_code(emma.person, acting_user=SYSTEM)
    Seat.objects.all().delete()
    with pytest.raises(NotPossible):
        use_signin_code(code, acting_user=SIGN_IN)
    with pytest.raises(NotPossible):
        make_signin_code(emma.person, acting_user=SYSTEM)


def test_a_person_who_never_signed_in_can_be_let_in(db: None, client: Client) -> None:
    code = make_signin_code(make_person("lee"), acting_user=SYSTEM)
    assert not User.objects.exists()
    assert client.post("/signin/link/", {"code": code}).status_code == 302
    assert User.objects.get().username == "712020:lee"


def test_the_command_prints_address_and_code_apart(ada: User) -> None:
    out = StringIO()
    call_command("signin_link", "712020:ada", stdout=out)
    assert "http://testserver/signin/link/\n" in out.getvalue()
    found = re.search(r"(?:[2-9A-Z]{5}-){3}[2-9A-Z]{5}", out.getvalue())
    assert found is not None
    assert use_signin_code(found.group(), acting_user=SIGN_IN) == ada
    made = Event.objects.get(tag="signin_link:made")
    assert (made.actor_kind, made.subject_id) == ("command", "712020:ada")


def test_the_command_lets_in_nobody_unknown_and_nobody_without_a_right(db: None) -> None:
    make_person("sam", seat=False)
    for account_id in ("712020:nobody", "712020:sam"):
        with pytest.raises(CommandError):
            call_command("signin_link", account_id)
    assert not SigninCode.objects.exists()


def test_the_trails_word_for_who_acts(emma: User) -> None:
    assert actor(emma).account_id == "712020:emma"
    assert actor(Visitor("712020:sam", "Sam")).label == "Sam"
    assert (actor(SYSTEM).kind, actor(System("x", kind="command")).kind) == ("system", "command")
