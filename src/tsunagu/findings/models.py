"""Lists held against the records, and what was found."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tsunagu.registry.fields import PartialDateField


class ExaminedList(models.Model):
    """A list of regions somebody published, kept as printed to be held against the records."""

    title = models.CharField(_("資料名"), max_length=200)
    as_of = PartialDateField(_("一覧の時点"))
    file_name = models.CharField(_("ファイル名"), max_length=255)
    sha256 = models.CharField(max_length=64)
    examined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    examined_at = models.DateTimeField(_("照合した日時"), auto_now_add=True)

    class Meta:
        verbose_name = _("突き合わせた一覧")
        ordering = ["-examined_at"]

    def __str__(self) -> str:
        return self.title


class ListedRow(models.Model):
    """One row of an examined list, as printed."""

    examined_list = models.ForeignKey(ExaminedList, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("行"))
    bureau = models.CharField(_("経済産業局"), max_length=50, blank=True)
    name = models.CharField(_("地域名"), max_length=100)
    scheme = models.CharField(_("制度"), max_length=50, blank=True)
    lg_code = models.CharField(_("団体コード"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("一覧の行")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["examined_list", "number"], name="listed_row_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class FindingState(models.TextChoices):
    """A finding waits for a person, was resolved by one, or is no longer there."""

    OPEN = "open", _("未解決")
    RESOLVED = "resolved", _("解決済み")
    GONE = "gone", _("解消")


class Resolution(models.TextChoices):
    """How a person settled a finding."""

    RECORD_CORRECTED = "record_corrected", _("記録を直した")
    SOURCE_WRONG = "source_wrong", _("資料の誤りと確認した")
    BOTH_RIGHT = "both_right", _("どちらも正しい（時点や数え方が違う）")
    LEFT = "left", _("確認できないので残す")


class Finding(models.Model):
    """A contradiction. `subject` is what it is about, so that the same one is found again, not raised anew."""

    examined_list = models.ForeignKey(
        ExaminedList, on_delete=models.CASCADE, null=True, blank=True, related_name="findings"
    )
    code = models.SlugField(_("種類"), max_length=40)
    subject = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    state = models.CharField(
        _("状態"), max_length=10, choices=FindingState.choices, default=FindingState.OPEN
    )
    resolution = models.CharField(_("解決のしかた"), max_length=20, choices=Resolution.choices, blank=True)
    reason = models.TextField(_("理由"), blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolved_at = models.DateTimeField(_("解決した日時"), null=True, blank=True)
    first_seen = models.DateTimeField(_("最初に見つけた日時"), auto_now_add=True)
    last_seen = models.DateTimeField(_("最後に確かめた日時"))

    class Meta:
        verbose_name = _("指摘")
        ordering = ["code", "subject"]
        constraints = [
            models.UniqueConstraint(
                fields=["examined_list", "code", "subject"], name="finding_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="resolved_finding_says_why",
                condition=~models.Q(state=FindingState.RESOLVED)
                | (~models.Q(resolution="") & ~models.Q(reason="") & models.Q(resolved_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject}"
