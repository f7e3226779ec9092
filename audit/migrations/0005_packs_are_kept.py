"""Packs are kept as events are: added, never changed (see 0002)."""

from django.db import migrations

TRIGGER = """
CREATE TRIGGER audit_evidencepack_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_evidencepack
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
ALTER TABLE audit_evidencepack ENABLE ALWAYS TRIGGER audit_evidencepack_append_only;
"""
BACK = "DROP TRIGGER audit_evidencepack_append_only ON audit_evidencepack;"


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_evidencepack")]

    operations = [migrations.RunSQL(TRIGGER, BACK)]
