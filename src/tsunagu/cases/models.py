"""Cases: a public part, a part for labs only, results with figures, the company's consent, and who tried it again."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.crypto import get_random_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tsunagu.activities.models import Activity
from tsunagu.files.models import StoredFile
from tsunagu.registry.fields import PartialDateField
from tsunagu.registry.models import Bureau, Lab, LocalGovernment, Policy
from tsunagu.registry.models.imports import ImportState
from tsunagu.registry.models.versions import Versioned

# Shares of faulty pieces and the like are small; nobody measures finer.
RESULT_DIGITS, RESULT_PLACES = 18, 6
LARGEST_RESULT = 10 ** (RESULT_DIGITS - RESULT_PLACES)


class _Coded(models.Model):
    """A row of a table of codes."""

    code = models.SlugField(_("記号"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英語名"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    source = models.TextField(_("出典"), blank=True)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name in the language of the page."""
        return self.name_en if self.name_en and get_language() == "en" else self.name


class Industry(_Coded):
    """A division of the Japan Standard Industrial Classification (日本標準産業分類)."""

    class Meta(_Coded.Meta):
        verbose_name = _("業種")


class CaseField(_Coded):
    """A field of life a case belongs to."""

    class Meta(_Coded.Meta):
        verbose_name = _("分野")


class About(models.TextChoices):
    """What a case is about."""

    LAB = "lab", _("ラボの取組")
    COMPANY = "company", _("会社の取組")
    PROJECT = "project", _("共同の取組")


class CostBand(models.TextChoices):
    """What it cost, in bands: exact sums are rarely told."""

    NONE = "none", _("0円")
    LOW = "low", _("50万円未満")
    MIDDLE = "middle", _("50万〜300万円")
    HIGH = "high", _("300万〜1,000万円")
    TOP = "top", _("1,000万円以上")


class Stage(models.TextChoices):
    """How far it came (dossier §6: 課題 → 着手 → 完成 → 定着), those that stopped included."""

    HEARD = "heard", _("課題を聞いた")
    BEGUN = "begun", _("着手した")
    DONE = "done", _("完成した")
    SETTLED = "settled", _("定着した")
    STOPPED = "stopped", _("中止した")


class CaseState(models.TextChoices):
    """Where a case is on its way to the public."""

    DRAFT = "draft", _("下書き")
    EDITING = "editing", _("編集者が確認中")
    RETURNED = "returned", _("直しを待っている")
    CONSENT = "consent", _("会社の同意を待っている")
    PUBLISHED = "published", _("公開中")
    WITHDRAWN = "withdrawn", _("取り下げ")


class WithdrawReason(models.TextChoices):
    """Why a published case is shown no longer; the only thing that stays public of it."""

    OUTDATED = "outdated", _("内容が古くなった")
    COMPANY = "company", _("会社の希望")
    WRONG = "wrong", _("内容に誤りがあった")
    ENDED = "ended", _("取組が終わった")


class Case(Versioned):
    """A case. Everything on this row is for everybody once it is published; the rest stands in `CaseInner`."""

    number = models.SlugField(_("番号"), max_length=20, unique=True)
    state = models.CharField(_("状態"), max_length=10, choices=CaseState.choices, default=CaseState.DRAFT)
    lab = models.ForeignKey(
        Lab, on_delete=models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("ラボ")
    )
    activity = models.ForeignKey(
        Activity, on_delete=models.SET_NULL, null=True, blank=True, related_name="cases"
    )
    title = models.CharField(_("題名"), max_length=100)
    about = models.CharField(_("何の事例か"), max_length=10, choices=About.choices, default=About.COMPANY)
    company = models.CharField(_("会社・団体の名前"), max_length=200, blank=True)
    prefecture = models.ForeignKey(
        LocalGovernment, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("都道府県"),
        limit_choices_to={"prefecture": None},
    )  # fmt: skip
    industry = models.ForeignKey(
        Industry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("業種"),
    )
    field = models.ForeignKey(
        CaseField,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("分野"),
    )
    summary = models.TextField(_("ひとことで"), max_length=300, blank=True)
    problem = models.TextField(_("困っていたこと"), max_length=4000, blank=True)
    approach = models.TextField(_("したこと・工夫"), max_length=4000, blank=True)
    technologies = ArrayField(
        models.CharField(max_length=40), verbose_name=_("使った技術"), default=list, blank=True
    )
    cost = models.CharField(_("費用"), max_length=8, choices=CostBand.choices, blank=True)
    months = models.PositiveSmallIntegerField(
        _("かかった月数"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    staff = models.CharField(_("関わった人"), max_length=200, blank=True)
    outcome = models.TextField(_("成果"), max_length=4000, blank=True)
    failed = models.TextField(_("うまくいかなかったこと"), max_length=4000, blank=True)
    conditions = models.TextField(_("ほかで使うときの条件"), max_length=2000, blank=True)
    stage = models.CharField(_("いまの段階"), max_length=8, choices=Stage.choices, default=Stage.DONE)
    stopped_why = models.CharField(_("中止した理由"), max_length=300, blank=True)
    began_on = PartialDateField(_("始めた時期"), null=True, blank=True)
    policies = models.ManyToManyField(Policy, blank=True, related_name="cases", verbose_name=_("使った施策"))
    source = models.TextField(_("出典"), blank=True)
    origin_key = models.CharField(_("ラボの一覧での番号"), max_length=100, blank=True, editable=False)
    verified_on = models.DateField(_("内容を確かめた日"), null=True, blank=True)
    editor_note = models.TextField(_("編集者から"), max_length=2000, blank=True)
    published_at = models.DateTimeField(_("公開した日時"), null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    withdrawn_why = models.CharField(max_length=10, choices=WithdrawReason.choices, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("事例")
        ordering = ["-published_at", "-pk"]
        indexes = [
            # Whether a case may be seen is asked of every hit of every search: answered without reading the cases.
            models.Index(fields=["id"], name="case_published", condition=Q(state=CaseState.PUBLISHED))
        ]
        constraints = [
            models.CheckConstraint(
                name="published_case_is_dated",
                condition=~Q(state=CaseState.PUBLISHED) | Q(published_at__isnull=False, verified_on__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["lab", "origin_key"], condition=~Q(origin_key=""), name="case_imported_once"
            ),
            models.CheckConstraint(
                name="withdrawn_case_says_why", condition=~Q(state=CaseState.WITHDRAWN) | ~Q(withdrawn_why="")
            ),
            models.CheckConstraint(
                name="stopped_case_says_why", condition=~Q(stage=Stage.STOPPED) | ~Q(stopped_why="")
                | Q(state__in=[CaseState.DRAFT, CaseState.RETURNED]),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def sources(self) -> list[str]:
        """Where it is told of, one by one."""
        return [one.strip() for one in self.source.split(" ; ") if one.strip()]

    @property
    def bureau(self) -> Bureau | None:
        """The bureau near it: that of its lab, else that of its prefecture."""
        if self.lab:
            return self.lab.region.bureau
        return self.prefecture.bureau if self.prefecture else None


class CaseInner(Versioned):
    """What only labs and those who work with them read of a case: a table of its own, so that no public query holds it."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="inner")
    frankly = models.TextField(_("ラボだけに話すこと（失敗・費用の内訳・注意）"), max_length=4000, blank=True)
    contact = models.CharField(_("聞ける相手"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("事例のラボ向けの部分")

    def __str__(self) -> str:
        return str(self.case)


class CaseResult(Versioned):
    """A result in figures."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="results")
    measure = models.CharField(_("何の数か"), max_length=100)
    before = models.DecimalField(
        _("前"), max_digits=RESULT_DIGITS, decimal_places=RESULT_PLACES, null=True, blank=True
    )
    after = models.DecimalField(_("後"), max_digits=RESULT_DIGITS, decimal_places=RESULT_PLACES)
    unit = models.CharField(_("単位"), max_length=20)
    evidence = models.CharField(_("確かめたもの"), max_length=300, blank=True)
    verified_by = models.CharField(_("確かめた人"), max_length=100, blank=True)
    verified_on = models.DateField(_("確かめた日"), null=True, blank=True)

    class Meta:
        verbose_name = _("事例の成果の数")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="verified_result_has_evidence",
                condition=Q(verified_on=None) | ~Q(evidence="") & ~Q(verified_by=""),
            )
        ]

    def __str__(self) -> str:
        return self.measure

    @property
    def was(self) -> str:
        """The figure before, as it is read; '' where it is not known."""
        return "" if self.before is None else f"{self.before.normalize():,f}"

    @property
    def became(self) -> str:
        """The figure after, as it is read."""
        return f"{self.after.normalize():,f}"


def new_token() -> str:
    """A link nobody can guess."""
    return get_random_string(43)


class ConsentAnswer(models.TextChoices):
    """A company's answer."""

    WAITING = "waiting", _("返事を待っている")
    GIVEN = "given", _("同意")
    REFUSED = "refused", _("不同意")
    REPLACED = "replaced", _("文が変わったので無効")


class CaseConsent(models.Model):
    """The exact text shown to a company, and its answer to that text (`digest`) and no other."""

    history_secret = ("token",)

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="consents")
    token = models.CharField(max_length=60, default=new_token, unique=True, editable=False)
    text = models.TextField(_("見せた文"))
    digest = models.CharField(_("文のハッシュ値（SHA-256）"), max_length=64)
    to_name = models.CharField(_("会社の担当者の氏名"), max_length=100)
    to_email = models.EmailField(_("会社の担当者のメールアドレス"))
    asked_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=ConsentAnswer.choices, default=ConsentAnswer.WAITING)
    name = models.CharField(_("返事をした人の氏名と役職"), max_length=100, blank=True)
    reason = models.TextField(_("理由"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("事例への会社の同意")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="one_case_question_at_a_time", condition=Q(answer=ConsentAnswer.WAITING)
            ),
            models.CheckConstraint(
                name="case_consent_says_who",
                condition=~Q(answer=ConsentAnswer.GIVEN) | (~Q(name="") & Q(answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_answer_display()}"


class CaseReuse(Versioned):
    """「うちで試した」: another lab that tried it, what it changed, and what came of it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reuses")
    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="reuses")
    tried_on = PartialDateField(_("試した時期"))
    stage = models.CharField(_("いまの段階"), max_length=8, choices=Stage.choices, default=Stage.BEGUN)
    changed = models.TextField(_("変えたところ"), max_length=1000, blank=True)
    result = models.TextField(_("どうなったか"), max_length=1000, blank=True)
    own_case = models.ForeignKey(
        Case, on_delete=models.SET_NULL, null=True, blank=True, related_name="grown_from", verbose_name=_("自分のラボの事例")
    )  # fmt: skip
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    noted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("うちで試した")
        ordering = ["tried_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["case", "lab"], name="reuse_noted_once")]

    def __str__(self) -> str:
        return f"{self.case} → {self.lab}"


class CasePhoto(models.Model):
    """A photo of a case, with its words for those who do not see it. It is as public as the case itself."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="photos")
    stored_file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    alt = models.CharField(_("写っているもの（見えない人にも伝わる言葉で）"), max_length=200)
    caption = models.CharField(_("写真の下に書く言葉"), max_length=200, blank=True)
    people_agreed = models.BooleanField(_("写っている人が公開に同意した、または人は写っていない"))
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("事例の写真")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="people_in_photo_agreed", condition=Q(people_agreed=True)),
            models.CheckConstraint(name="photo_has_words", condition=~Q(alt="")),
        ]

    def __str__(self) -> str:
        return self.alt


class CaseSent(models.Model):
    """The words of a case as they were handed to the editor, to see what changed since."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="sendings")
    sent_at = models.DateTimeField(auto_now_add=True)
    words = models.JSONField()

    class Meta:
        verbose_name = _("編集者に渡した内容")
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.case} {self.sent_at:%Y-%m-%d %H:%M}"


class CaseImport(models.Model):
    """A list of cases taken in for a lab: checked first, applied when a person says so."""

    history_large = ("content", "errors", "changes")

    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="+", verbose_name=_("ラボ"))
    state = models.CharField(
        _("状態"), max_length=10, choices=ImportState.choices, default=ImportState.CHECKED
    )
    file_name = models.CharField(_("ファイル名"), max_length=255)
    content = models.BinaryField()
    row_count = models.PositiveIntegerField(_("行数"), default=0)
    new_count = models.PositiveIntegerField(_("新規"), default=0)
    changed_count = models.PositiveIntegerField(_("変更"), default=0)
    same_count = models.PositiveIntegerField(_("同じ"), default=0)
    error_count = models.PositiveIntegerField(_("誤り"), default=0)
    errors = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("受付日時"), auto_now_add=True)
    applied_at = models.DateTimeField(_("反映日時"), null=True)

    class Meta:
        verbose_name = _("事例の取込")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name
