"""The tables the database fills by itself (migrations/capture.sql): acts, their changes, and the chain of seals."""

from django.db import models


class Act(models.Model):
    """One transaction that changed or read something: who, when, by which way."""

    id = models.BigIntegerField(primary_key=True)
    began_at = models.DateTimeField()
    person_id = models.BigIntegerField(null=True)
    person = models.TextField()
    acting_for_id = models.BigIntegerField(null=True)
    acting_for = models.TextField()
    via = models.TextField()
    address = models.TextField()
    database_role = models.TextField()

    class Meta:
        managed = False
        db_table = "history_act"

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M} {self.person or self.via}"


class Change(models.Model):
    """What happened to one record in an act. `before` and `after` hold the fields that differ."""

    id = models.BigIntegerField(primary_key=True)
    act = models.ForeignKey(Act, on_delete=models.DO_NOTHING, db_constraint=False, related_name="changes")
    table_name = models.TextField()
    record_id = models.TextField()
    action = models.TextField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        managed = False
        db_table = "history_change"

    def __str__(self) -> str:
        return f"{self.action} {self.table_name} {self.record_id}"


class Seal(models.Model):
    """A link of the chain: the digest of an act's changes, hashed with the link before."""

    seq = models.BigIntegerField(primary_key=True)
    act = models.OneToOneField(Act, on_delete=models.DO_NOTHING, db_constraint=False, related_name="seal")
    sealed_at = models.DateTimeField()
    changes = models.BigIntegerField()
    digest = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        managed = False
        db_table = "history_seal"

    def __str__(self) -> str:
        return f"{self.seq}"
