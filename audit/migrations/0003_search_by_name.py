"""Finding a part of a name among a million events takes an index over its trigrams."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

# Django searches without regard to case by comparing upper-case text, so that is what is indexed.
INDEXES = """
CREATE INDEX audit_event_actor_words ON audit_event USING gin (upper(actor_label) gin_trgm_ops);
CREATE INDEX audit_event_subject_words ON audit_event USING gin (upper(subject_label) gin_trgm_ops);
"""
BACK = "DROP INDEX audit_event_actor_words; DROP INDEX audit_event_subject_words;"


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [TrigramExtension(), migrations.RunSQL(INDEXES, BACK)]
