"""What is known of each lab's way: dated entries, reasons, the plan by criterion, consultations, the end of support."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tsunagu.questionnaires.models import CRITERIA
from tsunagu.registry.models import Lab
from tsunagu.registry.models.versions import Versioned
from tsunagu.sharing.policy import Paths, Shared
from tsunagu.transition.rules import Intention


class WhyNot(Versioned):
    """A reason for not moving, coded so that it can be counted; the first four are the survey's of January 2024."""

    code = models.SlugField(_("記号"), max_length=40, unique=True)
    label = models.CharField(_("理由"), max_length=200)
    counted_in_2024 = models.PositiveSmallIntegerField(_("2024年1月の調査の数"), null=True, blank=True)
    source = models.TextField(_("出典"), blank=True)

    class Meta:
        verbose_name = _("移行しない理由")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.label


class Entry(models.Model):
    """Where a lab stood on a day, as somebody said it. Never changed: the next one counts from then on."""

    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="transition_entries")
    state = models.CharField(_("移行の状況"), max_length=12, choices=Intention.choices)
    reasons = models.ManyToManyField(
        WhyNot, blank=True, verbose_name=_("移行しない理由"), related_name="entries"
    )
    text = models.TextField(_("聞いたこと"), blank=True)
    next_action = models.CharField(_("次にすること"), max_length=200, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("担当"),
    )
    due_on = models.DateField(_("期日"), null=True, blank=True)
    by_lab = models.BooleanField(_("ラボ自身が答えた"), default=False)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    noted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("移行の状況の記録")
        ordering = ["lab", "-noted_at", "-pk"]
        indexes = [models.Index(fields=["lab", "-noted_at"], name="transition_latest")]

    def __str__(self) -> str:
        return f"{self.lab} {self.get_state_display()}"


class PlanPoint(Versioned):
    """What a lab's IoT plan and its results say to a criterion."""

    lab = models.ForeignKey(Lab, on_delete=models.CASCADE, related_name="plan_points")
    criterion = models.CharField(_("審査の視点"), max_length=40, choices=CRITERIA)
    text = models.TextField(_("IoT推進ラボの計画・成果のうち、この視点に当たること"))
    source = models.CharField(_("出典"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("計画と視点")
        ordering = ["lab", "pk"]
        constraints = [models.UniqueConstraint(fields=["lab", "criterion"], name="plan_point_once")]

    def __str__(self) -> str:
        return f"{self.lab} {self.get_criterion_display()}"


class Consultation(Shared, Versioned):
    """事前相談: what was asked and answered before an application; for the lab and the staff in charge."""

    sharing_paths = Paths(lab="lab_id", bureau="lab__region__bureau__code")

    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="consultations")
    wanted = models.TextField(_("相談したいこと"))
    held_on = models.DateField(_("相談した日"), null=True, blank=True)
    people = models.CharField(_("出た人"), max_length=300, blank=True)
    mode = models.CharField(_("方法（対面・電話・オンライン）"), max_length=60, blank=True)
    answer = models.TextField(_("答えたこと"), blank=True)
    follow_up = models.TextField(_("あとですること"), blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("事前相談")
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return self.wanted[:40]


class SupportEnd(Versioned):
    """When support of the IoT scheme ends: announced, some time before (deck p.17). There is at most one."""

    announced_on = models.DateField(_("公表した日"))
    ends_on = models.DateField(_("支援措置が終わる日"))
    notice_days = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("何日前に知らせるか"), default=list
    )
    source = models.TextField(_("出典"))
    done_at = models.DateTimeField(_("終了を記録した日時"), null=True, blank=True)
    only = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("IoTラボの支援措置の終了")
        constraints = [
            models.CheckConstraint(
                name="support_ends_after_announcement",
                condition=models.Q(ends_on__gt=models.F("announced_on")),
            ),
            models.CheckConstraint(name="one_support_end", condition=models.Q(only=True)),
        ]

    def __str__(self) -> str:
        return str(self.ends_on)
