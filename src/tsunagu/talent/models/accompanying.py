"""A team on its way: milestones, a note a week, what it hands over, questionnaires at three points, what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tsunagu.files.models import StoredFile
from tsunagu.questionnaires.models import Sheet, Snapshot
from tsunagu.registry.models.versions import Versioned
from tsunagu.talent.models.editions import Edition
from tsunagu.talent.models.pairing import Team
from tsunagu.talent.models.taking_part import Kind


class Milestone(Versioned):
    """A step of the plan with its day."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="milestones")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("すること"), max_length=100)
    due_on = models.DateField(_("いつまでに"), null=True, blank=True)
    done_on = models.DateField(_("できた日"), null=True, blank=True)
    note = models.CharField(_("ひとこと"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("計画の段階")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class Mood(models.TextChoices):
    """How a week went."""

    GOING = "going", _("進んでいる")
    SLOW = "slow", _("ゆっくり")
    STUCK = "stuck", _("止まっている。相談したい")


class WeeklyNote(Versioned):
    """One line a week of how it goes; writing again in the same week corrects it."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="notes")
    week_of = models.DateField(_("週（月曜日）"))
    mood = models.CharField(_("進み具合"), max_length=8, choices=Mood.choices)
    done = models.CharField(_("したこと"), max_length=200)
    next_step = models.CharField(_("次にすること"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(_("書いた日時"), auto_now=True)

    class Meta:
        verbose_name = _("週の記録")
        ordering = ["-week_of"]
        constraints = [models.UniqueConstraint(fields=["team", "week_of"], name="one_note_a_week")]

    def __str__(self) -> str:
        return f"{self.week_of} {self.get_mood_display()}"


class Deliverable(Versioned):
    """Something a team made: a file or a page, with what it is."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="deliverables")
    title = models.CharField(_("成果物の名前"), max_length=100)
    what = models.TextField(_("どんなものか"), max_length=1000, blank=True)
    link = models.URLField(_("ページ"), max_length=500, blank=True)
    stored_file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ファイル"),
    )
    handed_at = models.DateTimeField(_("渡した日時"), auto_now_add=True)

    class Meta:
        verbose_name = _("成果物")
        ordering = ["handed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="deliverable_is_somewhere", condition=~Q(link="") | Q(stored_file__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.title


class Reached(models.TextChoices):
    """How far the goal was reached."""

    YES = "yes", _("できた")
    PARTLY = "partly", _("途中まで")
    NO = "no", _("できなかった")


class Outcome(Versioned):
    """What came of a team, said by the company and its team together: self-reported until the secretariat saw proof."""

    team = models.OneToOneField(Team, on_delete=models.PROTECT, related_name="outcome")
    reached = models.CharField(_("目標にどこまで近づいたか"), max_length=8, choices=Reached.choices)
    told = models.TextField(_("できたことと、その結果"), max_length=2000)
    learned = models.TextField(_("うまくいかなかったこと・次の人へ"), max_length=1000, blank=True)
    filed_on = models.DateField(_("DX認定を申請した日"), null=True, blank=True)
    granted_on = models.DateField(_("DX認定を受けた日"), null=True, blank=True)
    nintei_number = models.CharField(_("DX認定の番号"), max_length=60, blank=True)
    goes_on = models.BooleanField(_("このあとも、いっしょに仕事を続ける"), default=False)
    may_publish = models.BooleanField(_("会社の名前を出して、最終報告に載せてよい"), default=False)
    verified_at = models.DateTimeField(_("確かめた日時"), null=True, blank=True)
    evidence = models.CharField(_("確かめたもの"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("チームの成果")
        constraints = [
            models.CheckConstraint(
                name="granted_after_filed",
                condition=Q(granted_on=None) | Q(filed_on=None) | Q(granted_on__gte=models.F("filed_on")),
            ),
            models.CheckConstraint(
                name="verified_outcome_has_evidence", condition=Q(verified_at=None) | ~Q(evidence="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} {self.get_reached_display()}"


class Point(models.TextChoices):
    """The three points at which everybody is asked (dossier §6: FY2022)."""

    START = "start", _("はじめ")
    MIDDLE = "middle", _("なかば")
    END = "end", _("おわり")


class PointAnswer(models.Model):
    """What one person is asked at one point; the answers themselves are in the sheet."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="point_answers")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="co_lead_answers"
    )
    side = models.CharField(_("立場"), max_length=8, choices=Kind.choices)
    point = models.CharField(_("時点"), max_length=8, choices=Point.choices)
    asked_on = models.DateField(_("聞いた日"))
    sheet = models.OneToOneField(
        Sheet, on_delete=models.PROTECT, null=True, blank=True, related_name="co_lead_answer"
    )
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_on = models.DateField(_("答えた日"), null=True, blank=True)

    class Meta:
        verbose_name = _("アンケートの回答")
        ordering = ["point", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "person", "side", "point"], name="asked_once_a_point")
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.get_point_display()}"
