"""Conflicts, assignments, reviews and scores."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tsunagu.registry.models.versions import Versioned
from tsunagu.reviewing.models.panels import Panel, PanelMember, ReviewCase, ReviewerProfile
from tsunagu.reviewing.rules import HIGHEST, LOWEST, Relation


class Conflict(models.Model):
    """A relation that bars a reviewer from a case until the secretariat dismisses it with a reason."""

    case = models.ForeignKey(ReviewCase, on_delete=models.CASCADE, related_name="conflicts")
    profile = models.ForeignKey(ReviewerProfile, on_delete=models.PROTECT, related_name="conflicts")
    relation = models.CharField(_("関係"), max_length=20, choices=Relation.choices)
    evidence = models.CharField(_("根拠"), max_length=300, blank=True)
    found_at = models.DateTimeField(auto_now_add=True)
    gone_at = models.DateTimeField(_("なくなった日時"), null=True, blank=True)
    dismissed_at = models.DateTimeField(_("問題ないと判断した日時"), null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    dismiss_reason = models.TextField(_("問題ないと判断した理由"), blank=True)

    class Meta:
        verbose_name = _("利益相反")
        ordering = ["case", "profile", "relation"]
        constraints = [
            models.UniqueConstraint(fields=["case", "profile", "relation"], name="conflict_once"),
            models.CheckConstraint(
                name="dismissed_conflict_says_why",
                condition=models.Q(dismissed_at__isnull=True) | ~models.Q(dismiss_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.profile} {self.get_relation_display()}"


class Declaration(models.Model):
    """What a reviewer answered to the question of conflicts before the text opened."""

    case = models.ForeignKey(ReviewCase, on_delete=models.CASCADE, related_name="declarations")
    profile = models.ForeignKey(ReviewerProfile, on_delete=models.PROTECT, related_name="+")
    has_conflict = models.BooleanField(_("利益相反がある"))
    explanation = models.CharField(_("説明"), max_length=300, blank=True)
    declared_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("利益相反の申告")
        constraints = [models.UniqueConstraint(fields=["case", "profile"], name="declared_once")]

    def __str__(self) -> str:
        return f"{self.case} {self.profile}"


class How(models.TextChoices):
    """How an assignment came to be."""

    HAND = "hand", _("手で")
    FILE = "file", _("ファイルで")
    AUTO = "auto", _("自動で")


class Assignment(models.Model):
    """A case given to a reviewer."""

    case = models.ForeignKey(ReviewCase, on_delete=models.CASCADE, related_name="assignments")
    member = models.ForeignKey(PanelMember, on_delete=models.CASCADE, related_name="assignments")
    how = models.CharField(_("割当て方"), max_length=5, choices=How.choices)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(_("外れた日時"), null=True, blank=True)
    end_reason = models.CharField(_("外れた理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("割当て")
        ordering = ["case", "member"]
        constraints = [models.UniqueConstraint(fields=["case", "member"], name="assigned_once")]

    def __str__(self) -> str:
        return f"{self.case} → {self.member}"


class AssignmentRun(models.Model):
    """An automatic assignment as it was made: the whole problem, so that it can be explained and made again. Never changed."""

    history_large = ("document", "answer")
    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="runs")
    made_at = models.DateTimeField(_("割り当てた日時"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    document = models.TextField(_("問題"))
    answer = models.JSONField(_("答え"), default=list)
    digest = models.CharField(_("答えの指紋"), max_length=64)

    class Meta:
        verbose_name = _("自動の割当ての記録")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.panel} {self.made_at:%Y-%m-%d %H:%M}"


class ReviewState(models.TextChoices):
    """Where a review stands. Skipping leaves it as it is; abstaining ends it."""

    DRAFT = "draft", _("採点中")
    SUBMITTED = "submitted", _("提出済み")
    ABSTAINED = "abstained", _("棄権")


class Review(Versioned):
    """One reviewer's review of a case. `total` is kept when it is handed in: the weighted mean of its scores."""

    history_silent = ("version", "saved_at")

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="review")
    state = models.CharField(_("状態"), max_length=10, choices=ReviewState.choices, default=ReviewState.DRAFT)
    comment = models.TextField(_("申請者に伝えてよい講評"), blank=True)
    inner_comment = models.TextField(_("事務局と審査会だけが読むコメント"), blank=True)
    abstain_reason = models.CharField(_("棄権の理由"), max_length=300, blank=True)
    total = models.FloatField(_("合計（重みつき平均）"), null=True, blank=True)
    interview_total = models.FloatField(_("面談のあとの合計"), null=True, blank=True)
    saved_at = models.DateTimeField(_("最後の保存"), auto_now=True)
    submitted_at = models.DateTimeField(_("出した日時"), null=True, blank=True)
    edited_at = models.DateTimeField(_("出したあとに直した日時"), null=True, blank=True)

    class Meta:
        verbose_name = _("審査の結果")
        constraints = [
            models.CheckConstraint(
                name="submitted_review_has_total",
                condition=~models.Q(state="submitted") | models.Q(total__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment} {self.get_state_display()}"


class Score(models.Model):
    """One criterion's score and comment; after the interview a second score beside the first, with a note."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="scores")
    criterion = models.SlugField(max_length=40)
    value = models.PositiveSmallIntegerField(
        _("評点"), null=True, blank=True, validators=[MinValueValidator(LOWEST), MaxValueValidator(HIGHEST)]
    )
    comment = models.TextField(_("理由"), blank=True)
    interview_value = models.PositiveSmallIntegerField(
        _("面談のあとの評点"),
        null=True,
        blank=True,
        validators=[MinValueValidator(LOWEST), MaxValueValidator(HIGHEST)],
    )
    interview_note = models.CharField(_("変えた理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("評点")
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="scored_once"),
            models.CheckConstraint(
                name="score_between_one_and_five",
                condition=models.Q(value__isnull=True) | models.Q(value__range=(LOWEST, HIGHEST)),
            ),
            models.CheckConstraint(
                name="interview_score_between_one_and_five",
                condition=models.Q(interview_value__isnull=True)
                | models.Q(interview_value__range=(LOWEST, HIGHEST)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.criterion} {self.value}"


class Level(models.TextChoices):
    """Who reads a remark."""

    REVIEWERS = "reviewers", _("この案件の審査員と事務局")
    PANEL = "panel", _("審査会の全員と事務局")
    SECRETARIAT = "secretariat", _("事務局だけ")


class Remark(models.Model):
    """A remark in the discussion of a case."""

    case = models.ForeignKey(ReviewCase, on_delete=models.CASCADE, related_name="remarks")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(_("読む人"), max_length=12, choices=Level.choices, default=Level.REVIEWERS)
    text = models.TextField(_("発言"))
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("討議の発言")
        ordering = ["made_at"]

    def __str__(self) -> str:
        return self.text[:40]
