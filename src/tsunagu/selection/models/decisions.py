"""Decisions: prepared on the board, agreed to in steps, applied together, announced at an hour."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tsunagu.registry.models.versions import Versioned
from tsunagu.selection.models.applications import Application
from tsunagu.selection.models.calls import Cutoff
from tsunagu.selection.rules import Outcome


class Decision(Versioned):
    """What is meant to be decided about an application; it counts only when its batch is applied."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(_("判断"), max_length=12, choices=Outcome.choices, blank=True)
    reason = models.TextField(_("理由（内部）"), blank=True)
    feedback = models.TextField(_("申請者に伝える講評"), blank=True)
    batch = models.ForeignKey(
        "selection.Batch", on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )

    class Meta:
        verbose_name = _("判断")

    def __str__(self) -> str:
        return f"{self.application} {self.get_outcome_display()}"


class BatchState(models.TextChoices):
    """Where a set of decisions stands."""

    PREPARED = "prepared", _("合議中")
    APPLIED = "applied", _("決定（公表前）")
    ANNOUNCED = "announced", _("公表済み")
    UNDONE = "undone", _("取り消し")


class Batch(Versioned):
    """The decisions of a cut-off that are applied together and announced at one hour."""

    cutoff = models.ForeignKey(Cutoff, on_delete=models.PROTECT, related_name="batches")
    state = models.CharField(
        _("状態"), max_length=10, choices=BatchState.choices, default=BatchState.PREPARED
    )
    announce_at = models.DateTimeField(_("公表する日時"), null=True, blank=True)
    applied_at = models.DateTimeField(_("決定した日時"), null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    announced_at = models.DateTimeField(_("公表した日時"), null=True, blank=True)

    class Meta:
        verbose_name = _("決定のまとまり")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cutoff"], condition=models.Q(state="prepared"), name="one_batch_being_prepared"
            ),
            models.CheckConstraint(
                name="applied_batch_has_hour",
                condition=~models.Q(state__in=["applied", "announced"]) | models.Q(announce_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cutoff} {self.get_state_display()}"


class Opinion(models.TextChoices):
    """合議: how somebody answers."""

    WAITING = "waiting", _("まだ")
    AGREE = "agree", _("同意")
    REMARK = "remark", _("指摘")
    HOLD = "hold", _("保留")


class Concurrence(models.Model):
    """One step of the agreement on a set of decisions; the next step opens when this one agrees."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="concurrences")
    position = models.PositiveSmallIntegerField(_("順番"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opinion = models.CharField(_("意見"), max_length=10, choices=Opinion.choices, default=Opinion.WAITING)
    comment = models.TextField(_("コメント"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("合議")
        ordering = ["batch", "position"]
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="concurrence_step_once")]

    def __str__(self) -> str:
        return f"{self.position} {self.person}"


class Condition(models.Model):
    """What a conditionally selected lab still has to do, and until when."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="conditions")
    text = models.TextField(_("条件"))
    due_on = models.DateField(_("期日"))
    met_on = models.DateField(_("満たした日"), null=True, blank=True)
    note = models.TextField(_("確かめたこと"), blank=True)

    class Meta:
        verbose_name = _("選定の条件")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.text[:40]
