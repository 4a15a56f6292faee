"""Report years, reports with their way through the secretariat, and the facts they hand on."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tsunagu.activities.models import FactState
from tsunagu.questionnaires.models import Form, Sheet, Snapshot
from tsunagu.registry.models import Indicator, Lab
from tsunagu.registry.models.versions import Versioned
from tsunagu.reporting.rules import State


class ReportYear(Versioned):
    """A fiscal year's round of reports: who is asked, with which form, until when."""

    fiscal_year = models.PositiveSmallIntegerField(_("年度"), unique=True)
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="+", verbose_name=_("様式"))
    due_at = models.DateTimeField(_("提出の期限"))
    note = models.TextField(_("ラボへの案内"), blank=True)
    opened_at = models.DateTimeField(_("開いた日時"), null=True, blank=True)

    class Meta:
        verbose_name = _("報告の年度")
        ordering = ["-fiscal_year"]

    def __str__(self) -> str:
        return _("%(year)d年度の活動報告") % {"year": self.fiscal_year}


class Report(Versioned):
    """A lab's report of a fiscal year."""

    year = models.ForeignKey(ReportYear, on_delete=models.PROTECT, related_name="reports")
    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="reports")
    state = models.CharField(_("状態"), max_length=12, choices=State.choices, default=State.EXPECTED)
    sheet = models.OneToOneField(Sheet, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(_("このラボの期限"))
    extension_reason = models.TextField(_("延ばした理由"), blank=True)
    started_at = models.DateTimeField(_("書き始めた日時"), null=True, blank=True)
    opened_filled = models.PositiveSmallIntegerField(_("はじめに入っていた割合（%）"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("はじめに提出した日時"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("受理した日時"), null=True, blank=True)
    accepted_snapshot = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    measures_time = models.BooleanField(_("かかった時間を測ってよい"), default=False)
    is_public = models.BooleanField(_("公開ページに載せる"), default=False)
    public_summary = models.TextField(_("公開する要約"), blank=True)

    class Meta:
        verbose_name = _("活動報告")
        ordering = ["-year__fiscal_year", "lab"]
        constraints = [models.UniqueConstraint(fields=["year", "lab"], name="report_once_a_year")]

    def __str__(self) -> str:
        return _("%(lab)s %(year)d年度") % {"lab": self.lab, "year": self.year.fiscal_year}


class ReportStep(models.Model):
    """What happened to a report, in words, with who and when; `sections` names what was returned or corrected."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(_("できごと"), max_length=12, choices=State.choices)
    text = models.TextField(_("内容"))
    sections = models.JSONField(default=dict)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_office = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("報告の経過")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text


class IndicatorActual(Versioned):
    """What an indicator came to in a fiscal year. A correction is a new row; the earlier one ends at that moment."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="actuals")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    value = models.DecimalField(_("実績"), max_digits=18, decimal_places=4)
    evidence = models.TextField(_("裏づけ"), blank=True)
    comment = models.TextField(_("変わった理由"), blank=True)
    state = models.CharField(
        _("確かめたか"), max_length=14, choices=FactState.choices, default=FactState.SELF_REPORTED
    )
    verified_with = models.TextField(_("何で確かめたか"), blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="actuals")
    recorded_at = models.DateTimeField(_("記録した日時"), auto_now_add=True)
    replaced_at = models.DateTimeField(_("置き換えた日時"), null=True, blank=True)

    class Meta:
        verbose_name = _("指標の実績")
        ordering = ["indicator", "fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "fiscal_year"],
                condition=models.Q(replaced_at__isnull=True),
                name="actual_once_a_year",
            ),
            models.CheckConstraint(
                name="verified_actual_says_with_what",
                condition=~models.Q(state="verified") | ~models.Q(verified_with=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.fiscal_year}"


class TimeSpent(models.Model):
    """How long a section of a report took, where the lab agreed to be measured."""

    history_silent = ("seconds", "seen_at")

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="times")
    section = models.CharField(max_length=40)
    seconds = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("書くのにかかった時間")
        constraints = [models.UniqueConstraint(fields=["report", "section"], name="time_once_a_section")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.section}"


class FieldRead(models.Model):
    """When somebody of the secretariat last opened the answers to a question: unread questions may go."""

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="+")
    field = models.CharField(max_length=40)
    last_on = models.DateField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("読まれた質問")
        constraints = [models.UniqueConstraint(fields=["form", "field"], name="field_read_once")]

    def __str__(self) -> str:
        return f"{self.form_id} {self.field}"
