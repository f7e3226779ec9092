"""What makes the trail append-only, whoever connects.

Plain triggers: no session setting of ours can switch them off, and ENABLE ALWAYS keeps the refusals even where
session_replication_role says otherwise. Only the tables' owner can disable them; verify_audit is for that case.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The insert trigger below moves the head; that is the one change there may be.
    IF TG_TABLE_NAME = 'audit_chainhead' AND TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'The audit trail is append-only: % of % refused', TG_OP, TG_TABLE_NAME;
END $$;

CREATE FUNCTION audit_follow_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE audit_chainhead SET seq = NEW.seq, hash = NEW.hash, at = NEW.at
    WHERE id = 1 AND seq = NEW.seq - 1 AND hash = NEW.previous_hash AND at <= NEW.at;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'The audit trail is append-only: event % does not follow its head', NEW.seq;
    END IF;
    RETURN NEW;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_chainhead_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_chainhead
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_event_follows_head BEFORE INSERT ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_follow_head();
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_append_only;
ALTER TABLE audit_chainhead ENABLE ALWAYS TRIGGER audit_chainhead_append_only;
"""

BACK = """
DROP TRIGGER audit_event_append_only ON audit_event;
DROP TRIGGER audit_chainhead_append_only ON audit_chainhead;
DROP TRIGGER audit_event_follows_head ON audit_event;
DROP FUNCTION audit_refuse_change();
DROP FUNCTION audit_follow_head();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(FUNCTIONS + TRIGGERS, BACK)]
