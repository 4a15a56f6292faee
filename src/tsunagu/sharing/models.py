"""What is remembered of sent forms: the answer to one already taken, and input that came after signing out."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class SentForm(models.Model):
    """A form that was taken, with its answer: sent again, it gets the same answer and nothing happens twice.

    `digest` stands for the one-time key, the person, the address and every value sent; the answer is sealed with
    the one-time key, which the database never sees.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    person_id = models.BigIntegerField(null=True)
    route = models.CharField(_("受け付けた先"), max_length=200)
    status = models.PositiveSmallIntegerField()
    answer = models.BinaryField()
    taken_at = models.DateTimeField(_("受け付けた日時"), auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.route} {self.status}"


class KeptInput(models.Model):
    """What a person typed into a form that arrived after their session had ended.

    `holder` is the hash of the secret in that browser's cookie, which alone opens `typed`.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holder = models.CharField(max_length=64, db_index=True)
    person_id = models.BigIntegerField(db_index=True)
    typed = models.BinaryField()
    kept_at = models.DateTimeField(_("預かった日時"), auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return str(self.key)
