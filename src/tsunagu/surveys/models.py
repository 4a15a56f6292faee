"""Surveys, their waves, whom each wave asks, and what is kept of the answers."""

import uuid
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tsunagu.questionnaires.models import FormVersion, Sheet, Snapshot
from tsunagu.registry.fields import PartialDateField
from tsunagu.registry.models import Lab
from tsunagu.registry.models.versions import Versioned


class Survey(Versioned):
    """A series of waves that ask for the same thing."""

    key = models.SlugField(_("記号"), max_length=40, unique=True)
    title = models.CharField(_("題名"), max_length=100)
    title_en = models.CharField(_("題名（英語）"), max_length=100, blank=True)
    purpose = models.TextField(_("目的"), blank=True)

    class Meta:
        verbose_name = _("アンケート")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The title in the language of the page."""
        return (self.title_en if get_language() == "en" else "") or self.title


class ShowsResults(models.TextChoices):
    """When those who were asked see the national results."""

    CLOSED = "closed", _("締め切ったあと")
    ANSWERED = "answered", _("自分が答えたあと（5件ごとに更新）")


class WaveState(models.TextChoices):
    """Where a wave stands."""

    DRAFT = "draft", _("準備中")
    OPEN = "open", _("受付中")
    CLOSED = "closed", _("締切後")


class Wave(Versioned):
    """One time a survey was asked. A historical one has no form and no invitations, only what survived of it.

    `state` moves draft → open → closed. Opening freezes who is asked; of an anonymous wave closing shuffles the answers.
    """

    survey = models.ForeignKey(
        Survey, on_delete=models.PROTECT, related_name="waves", verbose_name=_("アンケート")
    )
    label = models.CharField(_("回の名前"), max_length=60)
    form_version = models.ForeignKey(
        FormVersion, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("様式")
    )
    held_on = PartialDateField(_("いつの調査か"))
    opens_at = models.DateTimeField(_("受付の開始"), null=True, blank=True)
    closes_at = models.DateTimeField(_("締切"), null=True, blank=True)
    is_anonymous = models.BooleanField(_("無記名"), default=False)
    shows_results = models.CharField(
        _("答えた人に全国の結果を見せる時"),
        max_length=10,
        choices=ShowsResults.choices,
        default=ShowsResults.CLOSED,
    )
    as_of = models.DateField(_("いつの時点のラボに聞くか"), null=True, blank=True)
    schemes = ArrayField(models.CharField(max_length=12), verbose_name=_("制度"), default=list, blank=True)
    bureaus = ArrayField(
        models.CharField(max_length=20), verbose_name=_("経済産業局"), default=list, blank=True
    )
    statuses = ArrayField(models.CharField(max_length=12), verbose_name=_("状態"), default=list, blank=True)
    state = models.CharField(
        _("受付の状態"), max_length=8, choices=WaveState.choices, default=WaveState.DRAFT
    )
    asked_count = models.PositiveIntegerField(_("聞いたラボの数（記録のみの調査）"), null=True, blank=True)
    published_at = models.DateTimeField(_("結果を公開した日時"), null=True, blank=True)
    note = models.TextField(_("読むときの注意"), blank=True)
    note_en = models.TextField(_("読むときの注意（英語）"), blank=True)
    source = models.TextField(_("出典"), blank=True)

    class Meta:
        verbose_name = _("アンケートの回")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "label"], name="wave_named_once"),
            models.CheckConstraint(
                name="asked_wave_has_form_and_times",
                condition=models.Q(state="closed", form_version__isnull=True)
                | models.Q(form_version__isnull=False, opens_at__isnull=False, closes_at__isnull=False),
            ),
            models.CheckConstraint(
                name="wave_closes_after_opening",
                condition=models.Q(closes_at__isnull=True) | models.Q(closes_at__gt=models.F("opens_at")),
            ),
            models.CheckConstraint(
                name="anonymous_results_wait_for_the_end",
                condition=models.Q(is_anonymous=False) | models.Q(shows_results="closed"),
            ),
            models.CheckConstraint(
                name="only_closed_waves_are_public",
                condition=models.Q(published_at__isnull=True) | models.Q(state="closed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey} {self.label}"

    @property
    def is_historical(self) -> bool:
        """Held before the product: only what survived is known."""
        return self.form_version_id is None

    @property
    def remark(self) -> str:
        """What to mind when reading it, in the language of the page."""
        return (self.note_en if get_language() == "en" else "") or self.note


class Invitation(models.Model):
    """A lab is asked in a wave. Its place in the programme is frozen when the wave opens, so that later changes move no result.

    Of an anonymous wave only the day of the answer is here, and nothing leads from here to the answers.
    """

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="invitations")
    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="+")
    scheme = models.CharField(_("制度"), max_length=12)
    bureau = models.CharField(_("経済産業局"), max_length=20)
    category = models.CharField(_("類型"), max_length=10, blank=True)
    region_kind = models.CharField(_("地域の大きさ"), max_length=20)
    until = models.DateTimeField(_("このラボだけの締切"), null=True, blank=True)
    until_reason = models.CharField(_("延ばした理由"), max_length=300, blank=True)
    sheet = models.OneToOneField(
        Sheet, on_delete=models.SET_NULL, null=True, blank=True, related_name="survey_invitation"
    )
    answered_on = models.DateField(_("答えた日"), null=True, blank=True)
    snapshot = models.OneToOneField(
        Snapshot, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reminded_on = models.DateField(_("最後に催促した日"), null=True, blank=True)

    class Meta:
        verbose_name = _("アンケートの依頼")
        ordering = ["wave", "bureau", "lab"]
        constraints = [models.UniqueConstraint(fields=["wave", "lab"], name="lab_asked_once_in_a_wave")]

    def __str__(self) -> str:
        return f"{self.wave} {self.lab}"

    def closes_at(self, wave: Wave) -> datetime | None:
        """Until when this lab may answer."""
        return max(filter(None, (wave.closes_at, self.until)), default=None)

    def is_open(self, wave: Wave, now: datetime | None = None) -> bool:
        """Whether this lab may answer now."""
        now, end = now or timezone.now(), self.closes_at(wave)
        if wave.state != WaveState.OPEN or wave.opens_at is None or end is None:
            return False
        return wave.opens_at <= now <= end


class AnonymousAnswer(models.Model):
    """One answer to one question of an anonymous wave: no lab, no person, no time, no tie to the answers beside it."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="anonymous_answers")
    field = models.CharField(max_length=40)
    value = models.JSONField()

    class Meta:
        verbose_name = _("無記名の回答")
        indexes = [models.Index(fields=["wave", "field"], name="anonymous_of_question")]

    def __str__(self) -> str:
        return self.field


class HistoricalResult(models.Model):
    """What survived of a wave held before the product: so many chose an option of a question."""

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="historical_results")
    element = models.CharField(_("データ要素"), max_length=80)
    question = models.CharField(_("質問"), max_length=200)
    question_en = models.CharField(_("質問（英語）"), max_length=200, blank=True)
    code = models.CharField(_("選択肢の記号"), max_length=40)
    label = models.CharField(_("選択肢"), max_length=200)
    label_en = models.CharField(_("選択肢（英語）"), max_length=200, blank=True)
    count = models.PositiveIntegerField(_("数"))
    total = models.PositiveIntegerField(_("母数（分かるとき）"), null=True, blank=True)
    source = models.CharField(_("出典"), max_length=200)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("記録に残る調査の結果")
        ordering = ["wave", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["wave", "element", "code"], name="historical_result_once")
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.count}"
