"""Changes of cases mark them for the index."""

from django.db import migrations

from tsunagu.search.marking import watch

WATCHED = [
    watch("cases_case", "case"),
    watch("cases_caseinner", "case", "case_id"),
    watch("cases_caseresult", "case", "case_id"),
]


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial"), ("cases", "0001_initial")]
    operations = [migrations.RunSQL(make, drop) for make, drop in WATCHED]
