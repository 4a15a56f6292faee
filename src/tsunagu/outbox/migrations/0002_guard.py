from django.db import migrations


# A mail goes forward only along these steps (outbox.rules.STEPS), and on its way its text stays as it is: what was
# sent is what is on record. Counted and refused by the database: no way of writing can forget it.
GUARD = """
CREATE FUNCTION outbox_guard_mail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state) = ANY (ARRAY[
       'draft>held', 'draft>queued', 'draft>discarded',
       'held>queued', 'held>discarded',
       'queued>sending', 'queued>held', 'queued>discarded',
       'sending>sent', 'sending>retrying', 'sending>dead',
       'retrying>sending', 'retrying>held', 'retrying>discarded',
       'dead>queued', 'dead>held', 'dead>discarded'])
  THEN
    RAISE EXCEPTION 'mail %: % cannot become %', OLD.id, OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'mail_step';
  END IF;
  IF (NEW.key, NEW.message_id, NEW.kind) IS DISTINCT FROM (OLD.key, OLD.message_id, OLD.kind)
     OR (OLD.state NOT IN ('draft', 'held')
         AND (NEW.to_email, NEW.to_name, NEW.subject) IS DISTINCT FROM (OLD.to_email, OLD.to_name, OLD.subject))
     OR (OLD.state NOT IN ('draft', 'held')
         AND (NEW.body, NEW.html) IS DISTINCT FROM (OLD.body, OLD.html)
         AND NOT (NEW.is_secret AND NEW.body = '' AND NEW.html = ''))
  THEN
    RAISE EXCEPTION 'mail %: its text is settled', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'mail_text_settled';
  END IF;
  NEW.version := OLD.version + 1;
  RETURN NEW;
END
$$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(GUARD, "DROP FUNCTION outbox_guard_mail()"),
        migrations.RunSQL(
            "CREATE TRIGGER guard_mail BEFORE UPDATE ON outbox_mail "
            "FOR EACH ROW EXECUTE FUNCTION outbox_guard_mail()",
            "DROP TRIGGER guard_mail ON outbox_mail",
        ),
    ]
