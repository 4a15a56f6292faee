"""Files that were handed in. Who may see one is decided by the record it belongs to, never here."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """One file as it was received. Its place in the storage is made from random numbers, never from its name."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("ファイル名"), max_length=200)
    media_type = models.CharField(_("種類"), max_length=100)
    size = models.PositiveBigIntegerField(_("大きさ"))
    sha256 = models.CharField(_("ハッシュ値（SHA-256）"), max_length=64)
    place = models.CharField(max_length=100, unique=True)
    stored_by = models.CharField(_("渡した人"), max_length=100, blank=True)
    stored_at = models.DateTimeField(_("受け取った日時"), auto_now_add=True)

    class Meta:
        verbose_name = _("預かったファイル")

    def __str__(self) -> str:
        return self.name
