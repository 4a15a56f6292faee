"""Awards, their prizes and entries."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tsunagu.awards.rules import Phase, phase
from tsunagu.certificates.models import Certificate
from tsunagu.registry.models import Lab
from tsunagu.registry.models.versions import Versioned
from tsunagu.reporting.models import Report
from tsunagu.reviewing.models import CriteriaSet


class Award(Versioned):
    """One year's award."""

    key = models.SlugField(_("記号（アドレスに使う）"), max_length=40, unique=True)
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("名称"), max_length=100)
    title_en = models.CharField(_("名称（英語）"), max_length=100, blank=True)
    summary = models.TextField(_("案内"))
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, verbose_name=_("審査の視点の組"))
    opens_at = models.DateTimeField(_("募集の開始"))
    closes_at = models.DateTimeField(_("募集の締切"))
    announced_at = models.DateTimeField(_("発表した日時"), null=True, blank=True)

    class Meta:
        verbose_name = _("表彰")
        ordering = ["-fiscal_year", "key"]
        constraints = [
            models.CheckConstraint(
                name="award_closes_after_opening", condition=Q(closes_at__gt=F("opens_at"))
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def phase(self) -> Phase:
        return phase(
            timezone.now(), opens_at=self.opens_at, closes_at=self.closes_at, announced_at=self.announced_at
        )


class Prize(models.Model):
    """What can be won, the highest first."""

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="prizes")
    position = models.PositiveSmallIntegerField(_("並び順"))
    name = models.CharField(_("賞"), max_length=60)

    class Meta:
        verbose_name = _("賞")
        ordering = ["award", "position"]
        constraints = [models.UniqueConstraint(fields=["award", "name"], name="prize_once")]

    def __str__(self) -> str:
        return self.name


class AwardEntry(Versioned):
    """A lab's entry, made from its report; the lab may mend it until the closing."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="entries")
    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="award_entries")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="award_entries")
    number = models.CharField(_("番号"), max_length=20)
    title = models.CharField(_("取組の名前"), max_length=100)
    story = models.TextField(_("取組の内容と成果"), max_length=4000)
    may_publish = models.BooleanField(_("受賞したら、取組の内容を公開してよい"), default=False)
    made_at = models.DateTimeField(_("応募した日時"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("取り下げた日時"), null=True, blank=True)
    prize = models.ForeignKey(Prize, on_delete=models.PROTECT, null=True, blank=True, related_name="winners")
    comment = models.TextField(_("講評"), blank=True)
    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("表彰への応募")
        ordering = ["award", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["award", "lab"], condition=Q(withdrawn_at__isnull=True), name="one_entry_of_a_lab"
            ),
            models.UniqueConstraint(fields=["award", "number"], name="entry_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
