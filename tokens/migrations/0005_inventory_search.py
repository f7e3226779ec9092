"""What a list filters and searches by is kept by the database, so that no way of writing a row can forget it."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION tokens_credential_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.scope_list := ARRAY(
        SELECT DISTINCT scope FROM (
            SELECT jsonb_array_elements_text(NEW.scopes) AS scope
            UNION ALL
            SELECT jsonb_array_elements_text(
                CASE WHEN jsonb_typeof(NEW.listed_scopes) = 'array' THEN NEW.listed_scopes ELSE '[]'::jsonb END
            )
        ) AS scopes ORDER BY scope
    );
    NEW.search_text := lower(concat_ws(
        ' ', NEW.name, NEW.listing_label,
        (SELECT concat_ws(' ', display_name, nickname, email) FROM accounts_person WHERE id = NEW.holder_id),
        (SELECT concat_ws(' ', code, where_used) FROM tokens_request WHERE id = NEW.request_id),
        (SELECT full_name FROM tokens_repository WHERE id = NEW.repository_id)
    ));
    RETURN NEW;
END $$;

CREATE TRIGGER tokens_credential_words
    BEFORE INSERT OR UPDATE OF name, listing_label, holder_id, request_id, repository_id, scopes, listed_scopes
    ON tokens_credential FOR EACH ROW EXECUTE FUNCTION tokens_credential_words();

CREATE FUNCTION tokens_credential_words_of_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tokens_credential SET name = name WHERE holder_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER tokens_credential_words_of_person
    AFTER UPDATE OF display_name, nickname, email ON accounts_person FOR EACH ROW
    WHEN (
        (OLD.display_name, OLD.nickname, OLD.email) IS DISTINCT FROM (NEW.display_name, NEW.nickname, NEW.email)
    )
    EXECUTE FUNCTION tokens_credential_words_of_person();

UPDATE tokens_credential SET name = name;
"""
BACK = """
DROP TRIGGER tokens_credential_words_of_person ON accounts_person;
DROP FUNCTION tokens_credential_words_of_person();
DROP TRIGGER tokens_credential_words ON tokens_credential;
DROP FUNCTION tokens_credential_words();
"""


class Migration(migrations.Migration):
    dependencies = [("tokens", "0004_inventory")]

    operations = [migrations.RunSQL(FUNCTIONS, BACK)]
