"""Files taken in: what was uploaded, by whom, and what came of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportKind(models.TextChoices):
    """What a file holds."""

    LABS = "labs", _("ラボと選定の一覧")
    ORGANISATIONS = "organisations", _("組織の一覧")
    PROGRAMME = "programme", _("同梱の公開記録")


class ImportState(models.TextChoices):
    """A file is checked first and applied only when a person says so."""

    CHECKED = "checked", _("確認済み（未反映）")
    APPLIED = "applied", _("反映済み")
    REFUSED = "refused", _("誤りがあり反映不可")


class ImportBatch(models.Model):
    """One uploaded file with the result of its dry run and, once applied, of the import."""

    history_large = ("content", "errors", "changes")

    kind = models.CharField(_("内容"), max_length=20, choices=ImportKind.choices)
    state = models.CharField(_("状態"), max_length=20, choices=ImportState.choices)
    file_name = models.CharField(_("ファイル名"), max_length=255)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    encoding = models.CharField(_("文字コード"), max_length=20, blank=True)
    row_count = models.PositiveIntegerField(_("行数"), default=0)
    new_count = models.PositiveIntegerField(_("新規"), default=0)
    changed_count = models.PositiveIntegerField(_("変更"), default=0)
    same_count = models.PositiveIntegerField(_("同じ"), default=0)
    error_count = models.PositiveIntegerField(_("誤り"), default=0)
    errors = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("受付日時"), auto_now_add=True)
    applied_at = models.DateTimeField(_("反映日時"), null=True)

    class Meta:
        verbose_name = _("取込")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_name}（{self.get_kind_display()}）"
