"""Questions asked of the rows. Each one fetches what its page shows, in a fixed number of queries."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When

from accounts.models import Person, User
from tokens.catalogue.data import ACCESS_TOKEN_KINDS
from tokens.makers import is_close_to, is_maker
from tokens.models import Approval, Credential, Finding, Makers, Request, Standing, Template, TemplateVersion, UsedBy
from tokens.policy import KEY_KIND, PERSONAL_KIND
from tokens.states import ENDED, LIVE, CredentialState, RequestState

PAGE_SIZE = 50


def current_versions() -> QuerySet[TemplateVersion]:
    """The newest version of each template that is offered, in the order of the shelf; custom sets are on no shelf."""
    newest = TemplateVersion.objects.filter(template=OuterRef("template")).order_by("-number").values("pk")[:1]
    return (
        TemplateVersion.objects.filter(template__retired_at=None, template__is_custom=False, pk=Subquery(newest))
        .select_related("template")
        .order_by("template__position", "template__slug")
    )


def current_version(slug: str) -> TemplateVersion:
    """The newest version of one template.

    Raises:
        Template.DoesNotExist: none of that name is offered.
    """
    version = current_versions().filter(template__slug=slug).first()
    if version is None:
        raise Template.DoesNotExist(slug)
    return version


def _requests() -> QuerySet[Request]:
    return Request.objects.select_related("person", "deputy", "template_version__template")


def own_requests(person: Person) -> QuerySet[Request]:
    """A person's requests, newest first."""
    return _requests().filter(person=person)


def all_requests() -> QuerySet[Request]:
    """Everybody's requests, newest first."""
    return _requests()


def visible_request(code: str, user: User) -> Request:
    """A request that this user may see: one's own or a deputy's, an approver's to decide, any with the permission.

    Who can make its access token sees it while it is approved, and afterwards whoever pasted one.

    Raises:
        Request.DoesNotExist: none, or not for this user: the answer is the same.
    """
    request = _requests().select_related("looked_at_by", "reopens", "adopts__holder").get(code=code)
    if user.person_id in (request.person_id, request.deputy_id) or user.has_perm("tokens.view_all_requests"):
        return request
    if user.has_perm("tokens.approve_request"):
        return request
    if request.state == RequestState.APPROVED and is_maker(request, user.person):
        return request
    if request.verifications.filter(pasted_by=user.person).exists():
        return request
    raise Request.DoesNotExist(code)


def requests_waiting_for(person: Person) -> QuerySet[Request]:
    """Requests that this approver can decide: pending, somebody else's, not decided by them before."""
    spoken = Approval.objects.filter(approver=person).values("request")
    return (
        _requests()
        .filter(state=RequestState.PENDING, reopens=None)
        .exclude(person=person)
        .exclude(pk__in=spoken)
        .order_by("submitted_at")
    )


def requests_to_make(person: Person) -> QuerySet[Request]:
    """Approved requests whose access token this person can make, because they administer its place."""
    rows = _requests().filter(state=RequestState.APPROVED, kind__in=ACCESS_TOKEN_KINDS, makers=Makers.KNOWN)
    return rows.filter(request_makers__person=person).order_by("decided_at")


def requests_to_look_at(person: Person) -> QuerySet[Request]:
    """Requests that a rule approved and that somebody should look at."""
    due = _requests().filter(look_due_at__isnull=False, looked_at=None).exclude(person=person)
    return due.exclude(state__in=[RequestState.WITHDRAWN, RequestState.LAPSED]).order_by("look_due_at")


def _credentials() -> QuerySet[Credential]:
    return Credential.objects.select_related("holder", "creator", "request__template_version__template")


def own_credentials(person: Person) -> QuerySet[Credential]:
    """What a person holds or has to deal with: everything that may still open Bitbucket, and what just expired."""
    not_bitbuckets = (Standing.UNKNOWN_PRODUCT, Standing.OTHER_PRODUCT)
    return _credentials().filter(holder=person).exclude(state__in=ENDED).exclude(standing__in=not_bitbuckets)


def credentials_of(person: Person) -> QuerySet[Credential]:
    """Everything a person holds or held, what is alive first."""
    return _credentials().filter(holder=person)


def visible_credential(pk: int, user: User) -> Credential:
    """A credential that this user may see: its holder's or deputy's, or any with the permission.

    An access token is also seen by its deputy, by who made it, and by the admins of its place, who can end it.

    Raises:
        Credential.DoesNotExist: none, or not for this user: the answer is the same.
    """
    credential = _credentials().get(pk=pk)
    is_deputy = credential.request is not None and credential.request.deputy_id == user.person_id
    if is_deputy or credential.holder_id == user.person_id or user.has_perm("tokens.view_inventory"):
        return credential
    if credential.kind in ACCESS_TOKEN_KINDS and is_close_to(credential, user.person):
        return credential
    raise Credential.DoesNotExist(pk)


def usable_credential(pk: int, user: User) -> Credential:
    """An approved credential that this user may be told how to use: one's own; an access token also as who made it.

    Raises:
        Credential.DoesNotExist: none, or not for this user: the answer is the same.
    """
    theirs = Q(holder=user.person) | Q(creator=user.person, kind__in=ACCESS_TOKEN_KINDS)
    return _credentials().filter(theirs, request__isnull=False).exclude(state__in=ENDED).get(pk=pk)


def adoptable_credential(pk: int, user: User) -> Credential:
    """A found credential that this user may ask to have registered: their own, or a deploy key that is nobody's.

    Raises:
        Credential.DoesNotExist: none, or not for this user: the answer is the same.
    """
    rows = Credential.objects.select_related("holder", "repository__workspace", "project__workspace")
    theirs = Q(holder=user.person)
    if user.has_perm("tokens.view_inventory"):
        theirs |= Q(holder=None, kind=KEY_KIND)
    return rows.get(theirs, pk=pk)


def rotatable_credential(pk: int, user: User) -> Credential:
    """A credential that this user looks after: as its holder, as its deputy, or for everybody.

    Raises:
        Credential.DoesNotExist: none, or not for this user: the answer is the same.
    """
    rows = _credentials().select_related("repository__workspace", "project__workspace", "request__deputy")
    credential = rows.get(pk=pk)
    deputy = credential.request.deputy_id if credential.request else None
    if user.person_id in (credential.holder_id, deputy) or user.has_perm("tokens.revoke_credential"):
        return credential
    raise Credential.DoesNotExist(pk)


def machine_credentials() -> QuerySet[Credential]:
    """What machines work with and was approved here, first what runs as a person and so ends when they leave."""
    rows = Credential.objects.select_related(
        "holder", "request__deputy", "request__template_version__template", "repository", "project__workspace"
    )
    used = rows.filter(request__used_by=UsedBy.MACHINE, state__in=LIVE)
    hangs = Case(When(kind=PERSONAL_KIND, then=Value(0)), default=Value(1))
    return used.order_by(hangs, "expires_at", "pk")


def credentials_needing_a_person() -> QuerySet[Credential]:
    """What the machine could not end."""
    return _credentials().filter(state=CredentialState.NEEDS_HUMAN)


def open_findings() -> QuerySet[Finding]:
    """Differences that are not gone, oldest first."""
    return Finding.objects.filter(closed_at=None).select_related("person", "credential").order_by("opened_at")


def page_of(rows: "QuerySet[Any]", number: str) -> "Page[Any]":
    """One page of rows; a number that makes no sense gives the nearest page."""
    return Paginator(rows, PAGE_SIZE).get_page(number)
