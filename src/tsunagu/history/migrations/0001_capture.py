from pathlib import Path

from django.db import migrations, models

FORWARDS = "".join(Path(__file__).with_name(name).read_text() for name in ("capture.sql", "record.sql"))
# Dropping the functions with CASCADE takes the triggers on the watched tables with them.
BACKWARDS = """
DROP FUNCTION history_record() CASCADE;
DROP FUNCTION history_watch(regclass, text, text[], text[], text[]);
DROP FUNCTION history_note(text, text, text, jsonb);
DROP FUNCTION history_current_act();
DROP FUNCTION history_difference(jsonb, jsonb);
DROP FUNCTION history_shown(jsonb, text[], text[]);
DROP TABLE history_seal, history_change;
DROP FUNCTION history_seal_act() CASCADE;
DROP FUNCTION history_digest(history_act);
DROP TABLE history_act;
DROP FUNCTION history_micros(timestamptz);
DROP FUNCTION history_refuse();
"""


class Migration(migrations.Migration):
    """The tables are the database's own: Django reads them and never makes, changes or empties them."""

    initial = True
    dependencies = []

    operations = [
        migrations.RunSQL(FORWARDS, BACKWARDS),
        migrations.CreateModel(
            name='Act',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('began_at', models.DateTimeField()),
                ('person_id', models.BigIntegerField(null=True)),
                ('person', models.TextField()),
                ('acting_for_id', models.BigIntegerField(null=True)),
                ('acting_for', models.TextField()),
                ('via', models.TextField()),
                ('address', models.TextField()),
                ('database_role', models.TextField()),
            ],
            options={'db_table': 'history_act', 'managed': False},
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('table_name', models.TextField()),
                ('record_id', models.TextField()),
                ('action', models.TextField()),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('act', models.ForeignKey(db_constraint=False, on_delete=models.DO_NOTHING, related_name='changes', to='history.act')),
            ],
            options={'db_table': 'history_change', 'managed': False},
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('seq', models.BigIntegerField(primary_key=True, serialize=False)),
                ('sealed_at', models.DateTimeField()),
                ('changes', models.BigIntegerField()),
                ('digest', models.BinaryField()),
                ('hash', models.BinaryField()),
                ('act', models.OneToOneField(db_constraint=False, on_delete=models.DO_NOTHING, related_name='seal', to='history.act')),
            ],
            options={'db_table': 'history_seal', 'managed': False},
        ),
    ]
