"""How they come together: interest of both sides, what the engine proposed, teams that all accepted."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tsunagu.registry.models.versions import Versioned
from tsunagu.talent.models.editions import Edition, Way
from tsunagu.talent.models.taking_part import Brief, Entry


class Interest(Versioned):
    """One side's or both sides' wish to work together. Names are open exactly while both hold.

    Ranks say how dear: 1 is the dearest; None is no order given.
    """

    brief = models.ForeignKey(Brief, on_delete=models.PROTECT, related_name="interests")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="interests")
    talent_at = models.DateTimeField(_("人材が希望した日時"), null=True, blank=True)
    talent_rank = models.PositiveSmallIntegerField(_("人材の順位"), null=True, blank=True)
    company_at = models.DateTimeField(_("会社が希望した日時"), null=True, blank=True)
    company_rank = models.PositiveSmallIntegerField(_("会社の順位"), null=True, blank=True)
    opened_at = models.DateTimeField(_("名前が開いた日時"), null=True, blank=True)

    class Meta:
        verbose_name = _("関心")
        constraints = [
            models.UniqueConstraint(fields=["brief", "entry"], name="interest_once"),
            models.CheckConstraint(
                name="names_open_when_both_agree",
                condition=Q(opened_at=None) | Q(talent_at__isnull=False, company_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brief.number} × {self.entry}"

    @property
    def is_open(self) -> bool:
        """Whether both sides agreed, so that each may know the other's name."""
        return self.opened_at is not None


class Run(models.Model):
    """What the engine proposed once, with everything needed to explain it: never changed afterwards."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="runs")
    way = models.CharField(_("組み方"), max_length=6, choices=Way.choices)
    seed = models.CharField(_("くじの種"), max_length=60)
    digest = models.CharField(_("答えの指紋"), max_length=64)
    result = models.JSONField(_("結果"), default=dict)
    made_at = models.DateTimeField(_("計算した日時"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("組み合わせの計算")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.edition} {self.made_at:%Y-%m-%d %H:%M}"


class TeamState(models.TextChoices):
    """Where a team stands."""

    PROPOSED = "proposed", _("全員の返事を待っている")
    RUNNING = "running", _("伴走中")
    DONE = "done", _("終わった")
    REFUSED = "refused", _("組まれなかった")
    STOPPED = "stopped", _("途中でやめた")


LIVE = (TeamState.PROPOSED, TeamState.RUNNING)


class Answer(models.TextChoices):
    """An answer to a proposed team."""

    WAITING = "waiting", _("返事を待っている")
    YES = "yes", _("参加する")
    NO = "no", _("断る")


class Team(Versioned):
    """People for a brief. It begins when the company and every member said yes, if all still have the hours then."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="teams")
    brief = models.ForeignKey(Brief, on_delete=models.PROTECT, related_name="teams")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, blank=True, related_name="teams")
    state = models.CharField(_("状態"), max_length=10, choices=TeamState.choices, default=TeamState.PROPOSED)
    score = models.IntegerField(_("合い具合（100万分の1）"), default=0)
    reasons = ArrayField(models.CharField(max_length=300), verbose_name=_("理由"), default=list)
    of_company = models.CharField(
        _("会社の返事"), max_length=8, choices=Answer.choices, default=Answer.WAITING
    )
    made_at = models.DateTimeField(_("示した日時"), auto_now_add=True)
    agreed_at = models.DateTimeField(_("始まった日時"), null=True, blank=True)
    ended_at = models.DateTimeField(_("終わった日時"), null=True, blank=True)
    why = models.CharField(_("理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("チーム")
        ordering = ["brief__number", "-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["brief"], condition=Q(state__in=LIVE), name="one_live_team_a_brief"
            ),
            models.CheckConstraint(
                name="running_team_was_agreed",
                condition=~Q(state__in=[TeamState.RUNNING, TeamState.DONE])
                | Q(of_company=Answer.YES, agreed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(_("%(title)s のチーム") % {"title": self.brief.title})


class Seat(Versioned):
    """One member of a team, with the needed skills they bring."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="seats")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="seats")
    brings = ArrayField(models.CharField(max_length=60), verbose_name=_("受け持つ技能"), default=list)
    answer = models.CharField(_("返事"), max_length=8, choices=Answer.choices, default=Answer.WAITING)
    why_not = models.CharField(_("断る理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("チームの一員")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["team", "entry"], name="one_seat_a_team")]

    def __str__(self) -> str:
        return f"{self.team} {self.entry}"
