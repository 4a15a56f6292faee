"""What earlier rows mean in the new columns: whose matter it is, that the lab agreed to what it sent, what experts sell."""

from django.db import migrations

FILL = """
UPDATE experts_dispatchrequest SET for_whom = 'company' WHERE company <> '';
UPDATE experts_dispatchrequest SET agreed_at = sent_at WHERE sent_at IS NOT NULL;
UPDATE experts_offer SET sells = expert.sells FROM experts_expert expert
  WHERE expert.id = experts_offer.expert_id AND expert.sells <> '';
"""


class Migration(migrations.Migration):
    dependencies = [("experts", "0002_written_together")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
