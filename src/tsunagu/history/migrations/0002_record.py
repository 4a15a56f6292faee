"""The trigger that writes changes down, faster for imports."""

from pathlib import Path

from django.db import migrations

RECORD = Path(__file__).with_name("record.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("history", "0001_capture")]
    operations = [migrations.RunSQL(RECORD, migrations.RunSQL.noop)]
