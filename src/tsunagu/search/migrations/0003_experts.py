"""Changes of experts mark them for the index; so do changes of a person's name, and whether they may still sign in."""

from django.db import migrations

from tsunagu.search.marking import watch

WATCHED = [
    watch("experts_expert", "expert"),
    watch("experts_expert_themes", "expert", "expert_id"),
    watch("experts_expert_industries", "expert", "expert_id"),
    watch("experts_expert_areas", "expert", "expert_id"),
]
# A person's row changes at every sign-in: only what the index holds of it counts.
PERSON = """
CREATE FUNCTION search_note_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO search_mark (kind, number, marked_at)
    SELECT 'expert', id, now() FROM experts_expert WHERE person_id = NEW.id;
  NOTIFY search_mark;
  RETURN NULL;
END $$;
CREATE TRIGGER search_person_expert AFTER UPDATE OF name, is_active ON accounts_person
  FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name OR OLD.is_active IS DISTINCT FROM NEW.is_active)
  EXECUTE FUNCTION search_note_person();
"""
PERSON_GONE = "DROP FUNCTION search_note_person() CASCADE"


class Migration(migrations.Migration):
    dependencies = [("search", "0002_cases"), ("experts", "0003_filled"), ("accounts", "0010_counters")]
    operations = [
        *[migrations.RunSQL(make, drop) for make, drop in WATCHED],
        migrations.RunSQL(PERSON, PERSON_GONE),
    ]
