"""The right to use the mark: terms accepted, kits handed out, where it is used, when it has to stop.

Whether a lab may use the mark on a day is derived (`rules.mark_right`): it begins and ends with its designation.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tsunagu.files.models import StoredFile
from tsunagu.registry.models import Designation
from tsunagu.registry.models.versions import Versioned


class MarkTerms(models.Model):
    """One version of the terms of use. A change is a new version; what was accepted stays readable as it was."""

    number = models.PositiveSmallIntegerField(_("版"), unique=True)
    text = models.TextField(_("使用規程の本文"))
    changes = models.TextField(_("前の版から変わったこと"), blank=True)
    effective_on = models.DateField(_("効力が生じる日"))
    made_by_label = models.CharField(_("登録した人"), max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("ロゴマークの使用規程")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"使用規程 第{self.number}版"


class MarkAcceptance(models.Model):
    """A lab's office accepted a version of the terms for its designation."""

    designation = models.ForeignKey(Designation, on_delete=models.PROTECT, related_name="mark_acceptances")
    terms = models.ForeignKey(MarkTerms, on_delete=models.PROTECT, related_name="acceptances")
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    accepted_by_label = models.CharField(_("承諾した人"), max_length=100)
    accepted_at = models.DateTimeField(_("承諾した時刻"), default=timezone.now)

    class Meta:
        verbose_name = _("使用規程の承諾")
        ordering = ["-accepted_at"]
        constraints = [models.UniqueConstraint(fields=["designation", "terms"], name="terms_accepted_once")]

    def __str__(self) -> str:
        return f"{self.designation} {self.terms}"


class MarkKit(models.Model):
    """One version of the files of the mark."""

    number = models.PositiveSmallIntegerField(_("版"), unique=True)
    changes = models.TextField(_("前の版から変わったこと"))
    published_on = models.DateField(_("配り始めた日"), default=timezone.localdate)
    made_by_label = models.CharField(_("登録した人"), max_length=100)

    class Meta:
        verbose_name = _("ロゴマークのデータ")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"ロゴマークのデータ 第{self.number}版"


class MarkKitFile(models.Model):
    """One file of a kit."""

    kit = models.ForeignKey(MarkKit, on_delete=models.PROTECT, related_name="files")
    stored_file = models.OneToOneField(StoredFile, on_delete=models.PROTECT)

    class Meta:
        verbose_name = _("ロゴマークのファイル")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.stored_file.name


class Medium(models.TextChoices):
    """Where a mark is used."""

    WEB = "web", _("ウェブページ")
    SOCIAL = "social", _("SNS・動画")
    PRINT = "print", _("印刷物")
    SIGN = "sign", _("看板・展示")
    GOODS = "goods", _("名刺・物品")
    OTHER = "other", _("その他")


class MarkUse(Versioned):
    """One use of the mark, kept by the lab's office. It is open until a last day is written."""

    designation = models.ForeignKey(
        Designation, on_delete=models.PROTECT, related_name="mark_uses", verbose_name=_("選定")
    )
    medium = models.CharField(_("媒体"), max_length=10, choices=Medium.choices)
    place = models.CharField(_("どこに"), max_length=200)
    address = models.URLField(_("ページのアドレス"), max_length=500, blank=True)
    sought = models.CharField(_("ページの中の目じるし"), max_length=200, blank=True)
    photo = models.OneToOneField(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("写真")
    )
    used_from = models.DateField(_("使い始めた日"))
    used_to = models.DateField(_("使い終えた日"), null=True, blank=True)
    recorded_by_label = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = _("ロゴマークの使用")
        ordering = ["designation", "-used_from", "pk"]
        constraints = [
            models.CheckConstraint(
                name="mark_use_ends_after_it_begins",
                condition=Q(used_to__isnull=True) | Q(used_to__gte=F("used_from")),
            ),
            models.CheckConstraint(
                name="mark_use_with_address_says_what_to_seek",
                condition=Q(address="") | ~Q(sought=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_medium_display()} {self.place}"


class Outcome(models.TextChoices):
    """What a look at a registered page found."""

    SHOWN = "shown", _("まだ載っています")
    GONE = "gone", _("目じるしは見つかりません")
    UNREACHABLE = "unreachable", _("ページを開けません")
    REFUSED = "refused", _("開きませんでした（公開のページではありません）")


class LinkCheck(models.Model):
    """One look at a registered page, and what it found."""

    use = models.ForeignKey(MarkUse, on_delete=models.CASCADE, related_name="checks")
    checked_at = models.DateTimeField(_("確かめた時刻"), default=timezone.now)
    outcome = models.CharField(_("結果"), max_length=12, choices=Outcome.choices)
    detail = models.CharField(_("くわしく"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("ページの確認")
        ordering = ["-checked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.checked_at:%Y-%m-%d} {self.get_outcome_display()}"


class MarkWithdrawal(models.Model):
    """The right to use the mark was withdrawn before the designation ended. Taken back with a reason, never deleted."""

    designation = models.ForeignKey(Designation, on_delete=models.PROTECT, related_name="mark_withdrawals")
    stops_on = models.DateField(_("使用をやめる日"))
    reason = models.TextField(_("理由"))
    recorded_by_label = models.CharField(_("記録した人"), max_length=100)
    recorded_at = models.DateTimeField(auto_now_add=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.TextField(_("取り消した理由"), blank=True)

    class Meta:
        verbose_name = _("ロゴマークの使用の差止め")
        ordering = ["-stops_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["designation"], name="one_withdrawal_in_force", condition=Q(voided_at__isnull=True)
            ),
            models.CheckConstraint(
                name="voided_withdrawal_says_why",
                condition=Q(voided_at__isnull=True, void_reason="")
                | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.designation} {self.stops_on}"
