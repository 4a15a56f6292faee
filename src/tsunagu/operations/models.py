"""When the service last proved what it promises."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CheckKind(models.TextChoices):
    """What is proved again and again."""

    WALK = "walk", _("すべてのページを、すべての役割で歩く検査")
    VERIFY = "verify", _("変更の履歴の検査")
    DRILL = "drill", _("バックアップを戻す訓練")
    BACKUP = "backup", _("バックアップ")
    SCRUB = "scrub", _("預かったファイルの検査")


class CheckRun(models.Model):
    """One run of a check, with its numbers."""

    kind = models.CharField(_("検査"), max_length=20, choices=CheckKind.choices)
    ran_at = models.DateTimeField(_("日時"))
    ok = models.BooleanField(_("合格"))
    numbers = models.JSONField(_("結果"), default=dict)
    seconds = models.FloatField(_("かかった秒数"), default=0)

    class Meta:
        verbose_name = _("検査の結果")
        ordering = ["-ran_at"]
        indexes = [models.Index(fields=["kind", "-ran_at"], name="check_last")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.ran_at:%Y-%m-%d}"
