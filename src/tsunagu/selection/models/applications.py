"""Applications and everything that happens to them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tsunagu.questionnaires.models import Sheet, Snapshot
from tsunagu.registry.kinds import Category
from tsunagu.registry.models import Bureau, Designation, Lab, LocalGovernment
from tsunagu.registry.models.versions import Versioned
from tsunagu.selection.models.calls import Call, Cutoff
from tsunagu.selection.rules import Screening, State


class Application(Versioned):
    """申請: one plan of one lab (to be) for one call. The answers lie in its sheet; what lists need is copied when sent."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    cutoff = models.ForeignKey(
        Cutoff, on_delete=models.PROTECT, null=True, blank=True, related_name="applications"
    )
    sheet = models.OneToOneField(Sheet, on_delete=models.PROTECT, null=True, related_name="application")
    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, null=True, blank=True, related_name="applications")
    is_transition = models.BooleanField(_("IoTラボからの移行"), default=False)
    state = models.CharField(_("状態"), max_length=12, choices=State.choices, default=State.DRAFT)
    title = models.CharField(_("ラボの名称"), max_length=200, blank=True)
    applicant = models.CharField(_("申請者"), max_length=200, blank=True)
    region_name = models.CharField(_("地域"), max_length=100, blank=True)
    prefecture = models.ForeignKey(
        LocalGovernment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    bureau = models.ForeignKey(Bureau, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    category = models.CharField(_("類型"), max_length=10, choices=Category.choices, blank=True)
    number = models.CharField(_("受付番号"), max_length=30, blank=True)
    search_key = models.CharField(max_length=700, blank=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("提出した日時"), null=True, blank=True)
    decided_from = models.CharField(max_length=12, choices=State.choices, blank=True, editable=False)
    state_since = models.DateTimeField(_("この状態になった日時"), auto_now_add=True)
    screening_reasons = models.JSONField(_("要件を満たさない理由"), default=list, blank=True)
    screening_note = models.TextField(_("要件の確認のメモ"), blank=True)
    designation = models.OneToOneField(
        Designation, on_delete=models.PROTECT, null=True, blank=True, related_name="application"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    history_silent = ("version", "search_key")

    class Meta:
        verbose_name = _("申請")
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(number=""), name="receipt_number_once"
            ),
            models.CheckConstraint(
                name="submitted_application_has_number",
                condition=models.Q(state__in=[State.DRAFT, State.WITHDRAWN])
                | (~models.Q(number="") & models.Q(submitted_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["call", "state", "-submitted_at"], name="application_list"),
            models.Index(fields=["cutoff", "state"], name="application_cutoff"),
        ]

    def __str__(self) -> str:
        return self.title or str(_("（名前のない申請）"))

    @property
    def reasons(self) -> list[str]:
        """Why it does not meet the requirements, in words."""
        return [str(Screening(one).label) for one in self.screening_reasons if one in Screening.values]


class Submission(models.Model):
    """One sending of an application: exactly these answers at this moment."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField(_("回"))
    snapshot = models.OneToOneField(Snapshot, on_delete=models.PROTECT)
    received_at = models.DateTimeField(_("受け取った日時"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    files = models.JSONField(_("ファイルとハッシュ値"), default=list)

    class Meta:
        verbose_name = _("提出")
        ordering = ["application", "-number"]
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="submission_once")]

    def __str__(self) -> str:
        return f"{self.application} {self.number}"


class Correction(models.Model):
    """差戻し: named sections with a reason each, and until when."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="corrections")
    sections = models.JSONField(_("章と理由"))
    due_at = models.DateTimeField(_("期限"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    back_to = models.CharField(max_length=12, choices=State.choices, default=State.SUBMITTED)
    done_at = models.DateTimeField(_("直して提出した日時"), null=True, blank=True)

    class Meta:
        verbose_name = _("差戻し")
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.application} {self.asked_at:%Y-%m-%d}"


class Extension(models.Model):
    """More time for one applicant at one cut-off, with the reason."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="extensions")
    cutoff = models.ForeignKey(Cutoff, on_delete=models.PROTECT, related_name="extensions")
    until = models.DateTimeField(_("いつまで"))
    reason = models.TextField(_("理由"))
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("締切の延長")
        ordering = ["-granted_at"]

    def __str__(self) -> str:
        return f"{self.application} {self.until:%Y-%m-%d %H:%M}"


class Entry(models.Model):
    """One line of an application's timeline. The applicant sees those that are for them, from `shown_from` on."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="timeline")
    at = models.DateTimeField(_("日時"))
    words = models.CharField(_("できごと"), max_length=300)
    detail = models.TextField(_("説明"), blank=True)
    by_label = models.CharField(_("だれが"), max_length=100, blank=True)
    for_applicant = models.BooleanField(_("申請者に見せる"), default=True)

    class Meta:
        verbose_name = _("申請の経過")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.words
