from django.db import migrations


class Migration(migrations.Migration):
    """Unlogged: counters need not survive a crash, and cost no writing to the log."""

    initial = True
    dependencies = []

    operations = [
        migrations.RunSQL(
            """
            CREATE UNLOGGED TABLE sharing_limit (
              name text NOT NULL, client text NOT NULL, ends_at timestamptz NOT NULL, used integer NOT NULL,
              PRIMARY KEY (name, client)
            );
            CREATE INDEX sharing_limit_ends ON sharing_limit (ends_at);
            """,
            "DROP TABLE sharing_limit",
        )
    ]
