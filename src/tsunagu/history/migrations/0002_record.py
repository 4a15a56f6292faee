"""The trigger that writes changes down, faster for imports: for databases made before, since 0001 makes it so by now."""

from pathlib import Path

from django.db import migrations

RECORD = Path(__file__).with_name("record.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("history", "0001_capture")]
    operations = [migrations.RunSQL(RECORD, migrations.RunSQL.noop)]
