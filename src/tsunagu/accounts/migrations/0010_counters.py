"""The table Django's database cache keeps counters of attempts in (`CACHES` in the settings)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_names_and_roles")]

    operations = [
        migrations.RunSQL(
            sql="""
                CREATE TABLE accounts_counter (
                    cache_key varchar(255) PRIMARY KEY,
                    value text NOT NULL,
                    expires timestamptz NOT NULL
                );
                CREATE INDEX accounts_counter_expires ON accounts_counter (expires);
            """,
            reverse_sql="DROP TABLE accounts_counter",
        )
    ]
