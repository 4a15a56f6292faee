"""Interviews and the committee's day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tsunagu.registry.models.versions import Versioned
from tsunagu.reviewing.models.panels import Panel, PanelMember, ReviewCase


class Slot(models.Model):
    """A time at which the panel could interview, with the members who are free then."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField(_("開始"))
    minutes = models.PositiveSmallIntegerField(_("分"), default=30)
    free = models.ManyToManyField(PanelMember, blank=True, related_name="+", verbose_name=_("出られる審査員"))

    class Meta:
        verbose_name = _("面談の時間")
        ordering = ["starts_at"]
        constraints = [models.UniqueConstraint(fields=["panel", "starts_at"], name="slot_once")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class Interview(Versioned):
    """The interview of a case: offered, booked by the applicant, held."""

    case = models.OneToOneField(ReviewCase, on_delete=models.CASCADE, related_name="interview")
    slot = models.OneToOneField(
        Slot, on_delete=models.PROTECT, null=True, blank=True, related_name="interview"
    )
    video_link = models.URLField(_("ビデオ会議のリンク"), blank=True)
    offered_at = models.DateTimeField(_("時間の候補を出した日時"), null=True, blank=True)
    booked_at = models.DateTimeField(_("予約した日時"), null=True, blank=True)
    changes = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("面談")

    def __str__(self) -> str:
        return f"{self.case}"


class InterviewQuestion(models.Model):
    """A question for the interview: proposed from low or split criteria, or written."""

    case = models.ForeignKey(ReviewCase, on_delete=models.CASCADE, related_name="interview_questions")
    position = models.PositiveSmallIntegerField(default=0)
    criterion = models.SlugField(max_length=40, blank=True)
    text = models.TextField(_("質問"))

    class Meta:
        verbose_name = _("面談の質問")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text[:40]


class InterviewNote(models.Model):
    """What a member noted during the interview about a criterion."""

    history_silent = ("saved_at",)

    case = models.ForeignKey(ReviewCase, on_delete=models.CASCADE, related_name="interview_notes")
    member = models.ForeignKey(PanelMember, on_delete=models.CASCADE, related_name="+")
    criterion = models.SlugField(max_length=40, blank=True)
    text = models.TextField(_("メモ"), blank=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("面談のメモ")
        constraints = [
            models.UniqueConstraint(fields=["case", "member", "criterion"], name="interview_note_once")
        ]

    def __str__(self) -> str:
        return self.text[:40]


class CommitteeDay(models.Model):
    """審査委員会の日: everybody's screen follows the case the chair has called."""

    panel = models.OneToOneField(Panel, on_delete=models.CASCADE, related_name="day")
    order = models.JSONField(_("順番"), default=list)
    current = models.ForeignKey(
        ReviewCase, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    began_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("審査委員会の日")

    def __str__(self) -> str:
        return str(self.panel)
