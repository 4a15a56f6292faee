"""Criteria, panels, the people who review, and the cases they review."""

import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tsunagu.registry.models import Lab, LocalGovernment, Organisation
from tsunagu.registry.models.versions import Versioned
from tsunagu.reviewing.rules import Phase, Weighted, phase


def new_token() -> str:
    return secrets.token_urlsafe(24)


class CriteriaSet(Versioned):
    """The criteria of a kind of review; a new version when they change, so that scores keep their meaning."""

    key = models.SlugField(_("記号"), max_length=60)
    number = models.PositiveIntegerField(_("版"), default=1)
    title = models.CharField(_("題名"), max_length=100)
    source = models.TextField(_("出典"), blank=True)

    class Meta:
        verbose_name = _("審査の視点の組")
        ordering = ["key", "-number"]
        constraints = [models.UniqueConstraint(fields=["key", "number"], name="criteria_set_once")]

    def __str__(self) -> str:
        return _("%(title)s 第%(number)d版") % {"title": self.title, "number": self.number}

    def weighted(self) -> list[Weighted]:
        return [Weighted(one.code, one.weight, one.is_scored) for one in self.criteria.all()]


class ReviewCriterion(Versioned):
    """One criterion with guidance and an anchor for each score; considerations are written about, not scored."""

    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(_("並び順"))
    code = models.SlugField(_("記号"), max_length=40)
    title = models.CharField(_("視点"), max_length=60)
    guidance = models.TextField(_("見るところ"), blank=True)
    weight = models.PositiveSmallIntegerField(_("重み"), default=1)
    is_scored = models.BooleanField(_("点を付ける"), default=True)
    anchors = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("点ごとの目安（1点から順に）"),
        default=list,
        blank=True,
    )

    class Meta:
        verbose_name = _("審査の視点")
        ordering = ["criteria_set", "position"]
        constraints = [models.UniqueConstraint(fields=["criteria_set", "code"], name="review_criterion_once")]

    def __str__(self) -> str:
        return self.title


class Panel(Versioned):
    """One review: which criteria, when it may be scored and discussed, how many reviews each case gets."""

    title = models.CharField(_("題名"), max_length=100)
    subject = models.CharField(max_length=60, blank=True, editable=False)
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, verbose_name=_("審査の視点の組"))
    opens_at = models.DateTimeField(_("採点の開始"))
    closes_at = models.DateTimeField(_("採点の締切"))
    discussion_until = models.DateTimeField(_("討議の終わり"), null=True, blank=True)
    reviews_wanted = models.PositiveSmallIntegerField(_("1件あたりの審査員の数"), default=3)
    most_cases = models.PositiveSmallIntegerField(_("審査員1人が持つ最大の件数"), default=20)
    least_cases = models.PositiveSmallIntegerField(_("審査員1人が持つ最少の件数（自動の割当て）"), default=0)
    shows_others = models.BooleanField(_("自分が出したあと、ほかの審査員の評価を見せる"), default=True)
    lot = models.CharField(_("くじの種"), max_length=64, blank=True, editable=False)
    lot_at = models.DateTimeField(_("くじの種を決めた日時"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("審査会")
        ordering = ["-opens_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=~models.Q(subject=""), name="panel_once_per_subject"
            ),
            models.CheckConstraint(
                name="panel_closes_after_opening", condition=models.Q(closes_at__gt=models.F("opens_at"))
            ),
            models.CheckConstraint(
                name="panel_least_not_above_most", condition=models.Q(least_cases__lte=models.F("most_cases"))
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def phase(self) -> Phase:
        return phase(
            timezone.now(),
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            discussion_until=self.discussion_until,
        )


class ReviewerProfile(Versioned):
    """What the conflict rules and the assignment need to know of a reviewer; kept by the reviewer and the secretariat."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviewer_profile"
    )
    affiliation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("所属する組織"),
    )
    prefectures = models.ManyToManyField(
        LocalGovernment, blank=True, related_name="+", verbose_name=_("住まい・勤め先の都道府県"),
        limit_choices_to={"prefecture__isnull": True},
    )  # fmt: skip
    former_employers = models.ManyToManyField(
        Organisation, blank=True, related_name="+", verbose_name=_("以前の勤め先")
    )
    business_partners = models.ManyToManyField(
        Organisation, blank=True, related_name="+", verbose_name=_("取引のある組織")
    )
    mentored_labs = models.ManyToManyField(
        Lab, blank=True, related_name="+", verbose_name=_("メンターをしたラボ")
    )
    expertise = models.JSONField(_("視点ごとの得意さ（0〜3）"), default=dict, blank=True)
    most_cases = models.PositiveSmallIntegerField(_("一度に持てる件数"), null=True, blank=True)
    uses_keys = models.BooleanField(_("採点の画面で1文字のキー操作を使う"), default=True)
    confirmed_on = models.DateField(_("最後に確かめた日"), null=True, blank=True)

    class Meta:
        verbose_name = _("審査員の登録")
        ordering = ["person__name"]

    def __str__(self) -> str:
        return str(self.person)


class MemberState(models.TextChoices):
    """How an invitation was answered."""

    INVITED = "invited", _("依頼中")
    ACCEPTED = "accepted", _("引き受けた")
    DECLINED = "declined", _("辞退")


class PanelMember(Versioned):
    """A reviewer of a panel, with the load they agreed to."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="members")
    profile = models.ForeignKey(ReviewerProfile, on_delete=models.PROTECT, related_name="memberships")
    state = models.CharField(
        _("返事"), max_length=10, choices=MemberState.choices, default=MemberState.INVITED
    )
    is_chair = models.BooleanField(_("座長"), default=False)
    most_cases = models.PositiveSmallIntegerField(_("引き受けた件数"), null=True, blank=True)
    least_cases = models.PositiveSmallIntegerField(
        _("この人だけの最少の件数"), null=True, blank=True, help_text=_("空欄なら、審査会の最少の件数。")
    )
    answer_note = models.CharField(_("ひとこと"), max_length=300, blank=True)
    token = models.CharField(max_length=40, default=new_token, unique=True, editable=False)
    history_secret = ("token",)

    class Meta:
        verbose_name = _("審査会の審査員")
        ordering = ["profile__person__name"]
        constraints = [models.UniqueConstraint(fields=["panel", "profile"], name="panel_member_once")]

    def __str__(self) -> str:
        return str(self.profile)

    @property
    def cap(self) -> int:
        """The most cases this member takes: the least of what was agreed, their own limit and the panel's."""
        limits = [self.most_cases, self.profile.most_cases, self.panel.most_cases]
        return min(one for one in limits if one is not None)

    @property
    def floor(self) -> int:
        """The fewest cases the automatic assignment gives this member: their own number, or the panel's."""
        return self.panel.least_cases if self.least_cases is None else self.least_cases


class ReviewCase(Versioned):
    """A thing under review. What it is only the room above knows (`subject`, such as "application:12")."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="cases")
    subject = models.CharField(max_length=60)
    number = models.CharField(_("番号"), max_length=30, blank=True)
    title = models.CharField(_("題名"), max_length=200)
    applicant = models.CharField(_("申請者"), max_length=200, blank=True)
    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    prefectures = ArrayField(models.CharField(max_length=6), default=list, blank=True)
    members = models.ManyToManyField(Organisation, blank=True, related_name="+")
    vendors = models.ManyToManyField(Organisation, blank=True, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(_("審査を終えた日時"), null=True, blank=True)

    class Meta:
        verbose_name = _("審査する案件")
        ordering = ["panel", "number", "pk"]
        constraints = [models.UniqueConstraint(fields=["panel", "subject"], name="review_case_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()
