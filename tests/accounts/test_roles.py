"""Roles are computed at each request, from rows and settings."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Person, Seat, User
from accounts.operations.sessions import end_all_sessions
from accounts.policy import ROLE_PERMISSIONS, Role
from accounts.roles import roles_of
from tests.accounts.people import make_user

BACKEND = "accounts.roles.RoleBackend"


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_each_role_carries_its_permissions_and_no_other(emma: User, aria: User, ada: User, otto: User) -> None:
    everything = frozenset().union(*ROLE_PERMISSIONS.values())
    expected = {
        emma: ROLE_PERMISSIONS[Role.EMPLOYEE],
        aria: ROLE_PERMISSIONS[Role.EMPLOYEE] | ROLE_PERMISSIONS[Role.APPROVER],
        ada: ROLE_PERMISSIONS[Role.ADMIN],
        otto: ROLE_PERMISSIONS[Role.AUDITOR],
    }
    for user, permissions in expected.items():
        assert {name for name in everything if user.has_perm(name)} == permissions, user
        assert fresh(user).get_all_permissions() == permissions


def test_a_lost_seat_counts_from_the_next_request_on(aria: User, client: Client) -> None:
    client.force_login(aria, backend=BACKEND)
    assert aria.has_perm("tokens.approve_request")
    Seat.objects.all().delete()
    assert not fresh(aria).has_perm("tokens.approve_request")
    assert roles_of(aria) == frozenset()


def test_a_changed_setting_counts_from_the_next_request_on(emma: User, client: Client, settings: Settings) -> None:
    client.force_login(emma, backend=BACKEND)
    assert client.get("/people/").status_code == 403
    settings.PORTAL_ADMINS = [emma.username]
    assert client.get("/people/").status_code == 200
    settings.PORTAL_ADMINS = []
    assert client.get("/people/").status_code == 403


def test_a_workspace_that_is_served_no_more_gives_no_seat(emma: User, settings: Settings) -> None:
    settings.BITBUCKET_WORKSPACES = ["{another}"]
    assert roles_of(emma) == frozenset()


def test_a_right_left_over_in_the_database_grants_nothing(emma: User) -> None:
    right = Permission.objects.get(codename="manage_approvers")
    emma.user_permissions.add(right)
    group = Group.objects.create(name="leftover")
    group.permissions.add(right)
    emma.groups.add(group)
    assert not fresh(emma).has_perm("accounts.manage_approvers")


def test_nobody_becomes_a_superuser(emma: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.update(is_superuser=True)


def test_a_person_is_nobody_without_an_account_id(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(account_id="")


def test_migrating_again_puts_the_permissions_of_the_groups_right(emma: User) -> None:
    auditor = Group.objects.get(name=Role.AUDITOR)
    wrong = Permission.objects.get(codename="manage_approvers")
    auditor.permissions.set([wrong])
    call_command("migrate", verbosity=0)
    found = auditor.permissions.values_list("content_type__app_label", "codename")
    assert {f"{app}.{codename}" for app, codename in found} == ROLE_PERMISSIONS[Role.AUDITOR]


def test_every_permission_that_a_role_names_exists(db: None) -> None:
    for name in frozenset().union(*ROLE_PERMISSIONS.values()):
        app, _, codename = name.partition(".")
        types = ContentType.objects.filter(app_label=app)
        assert Permission.objects.filter(content_type__in=types, codename=codename).count() == 1, name


@pytest.mark.parametrize("switch", ["user", "account", "sessions"])
def test_sessions_end_at_the_next_request(emma: User, client: Client, switch: str) -> None:
    client.force_login(emma, backend=BACKEND)
    assert client.get("/notifications/").status_code == 200
    if switch == "user":
        User.objects.update(is_active=False)
    elif switch == "account":
        Person.objects.update(account_status="inactive")
    else:
        end_all_sessions(emma)
    assert client.get("/notifications/")["Location"] == "/signin/?next=%2Fnotifications%2F"


def test_rights_cost_two_queries_a_request(emma: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    user = User.objects.select_related("person").get(pk=emma.pk)
    with django_assert_num_queries(2):
        assert user.has_perm("tokens.request_credential")
        assert not user.has_perm("audit.view_event")


def test_an_account_named_twice_is_complained_about(settings: Settings) -> None:
    settings.PORTAL_AUDITORS = settings.PORTAL_ADMINS
    assert "accounts.W001" in {message.id for message in run_checks()}


def test_role_words(db: None) -> None:
    assert make_user("lee", approver=True).role_words == "Employee, approver"
