"""The watch that every test stands under."""

import contextlib

import pytest
from django.contrib.auth.models import Group
from django.db import transaction

from audit.tags import Tag
from audit.trail import record
from tests.audit.events import CREDENTIAL, EMMA, happen
from tests.trail_guard import RecordIsLast

pytestmark = pytest.mark.django_db


def _record() -> None:
    record(Tag.SESSION_START, actor=EMMA, subject=CREDENTIAL)


def test_a_write_after_the_event_fails(record_is_last: RecordIsLast) -> None:
    with transaction.atomic():
        _record()
        with pytest.raises(AssertionError, match="not the last statement"):
            Group.objects.create(name="late")
    assert len(record_is_last.complaints) == 1
    record_is_last.complaints.clear()


def test_a_lock_after_the_event_fails(record_is_last: RecordIsLast) -> None:
    Group.objects.create(name="early")
    with transaction.atomic():
        _record()
        with pytest.raises(AssertionError):
            Group.objects.select_for_update().get(name="early")
    record_is_last.complaints.clear()


def test_a_write_after_an_inner_operation_recorded_fails(record_is_last: RecordIsLast) -> None:
    with transaction.atomic():
        happen()
        with pytest.raises(AssertionError):
            Group.objects.create(name="late")
    record_is_last.complaints.clear()


def test_swallowing_the_failure_does_not_help(record_is_last: RecordIsLast) -> None:
    with transaction.atomic():
        _record()
        with contextlib.suppress(AssertionError):
            Group.objects.create(name="late")
    assert record_is_last.complaints
    record_is_last.complaints.clear()


def test_writes_before_reads_after_and_further_events_are_fine() -> None:
    with transaction.atomic():
        Group.objects.create(name="early")
        _record()
        assert Group.objects.count() >= 1
        _record()
    Group.objects.create(name="next transaction")
    with transaction.atomic():
        Group.objects.create(name="and another")
        _record()
