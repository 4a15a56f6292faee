"""Yearly editions, each with its own type of outcome (the programme changed between years), and the table of skills."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tsunagu.questionnaires.models import Form
from tsunagu.registry.models.versions import Versioned

MOST_OF_A_TEAM = 6


class Skill(models.Model):
    """What talents bring and companies need; a table the secretariat keeps."""

    code = models.SlugField(_("記号"), max_length=30, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英語名"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    source = models.TextField(_("出典"), blank=True)

    class Meta:
        verbose_name = _("技能")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name


class OutcomeType(models.TextChoices):
    """What an edition works towards (dossier §6: prototypes in 2020, business models in 2021, DX認定 in 2024)."""

    PROTOTYPE = "prototype", _("試作品")
    MODEL = "model", _("新しいビジネスモデルの案")
    NINTEI = "nintei", _("DX認定の申請")
    OTHER = "other", _("その他")


class Way(models.TextChoices):
    """How people and companies come together."""

    TEAMS = "teams", _("1社に2〜4人などのチーム")
    PAIRS = "pairs", _("1社に1人")


class Step(models.TextChoices):
    """Where an edition is. `past`: held before this product; only what public pages say of it."""

    PAST = "past", _("過去の回")
    DRAFT = "draft", _("準備中")
    OPEN = "open", _("募集中")
    PAIRING = "pairing", _("組み合わせ中")
    RUNNING = "running", _("伴走中")
    REPORTED = "reported", _("最終報告を公開")


class Edition(Versioned):
    """One year's Co-LEAD. `seed` decides equals and is published before the matching, so that nobody can choose it."""

    key = models.SlugField(_("記号（アドレスに使う）"), max_length=40, unique=True)
    fiscal_year = models.PositiveSmallIntegerField(
        _("年度"), validators=[MinValueValidator(2020), MaxValueValidator(2100)]
    )
    title = models.CharField(_("名称"), max_length=100)
    title_en = models.CharField(_("英語名"), max_length=120, blank=True)
    summary = models.TextField(_("募集の内容"), max_length=4000, blank=True)
    outcome_type = models.CharField(_("成果の種類"), max_length=10, choices=OutcomeType.choices)
    way = models.CharField(_("組み方"), max_length=6, choices=Way.choices, default=Way.TEAMS)
    step = models.CharField(_("段階"), max_length=10, choices=Step.choices, default=Step.DRAFT)
    opens_on = models.DateField(_("募集の始まり"), null=True, blank=True)
    closes_on = models.DateField(_("募集の終わり"), null=True, blank=True)
    meets_on = models.DateField(_("ミートアップ"), null=True, blank=True)
    starts_on = models.DateField(_("伴走の始まり"), null=True, blank=True)
    reports_on = models.DateField(_("最終報告会"), null=True, blank=True)
    smallest = models.PositiveSmallIntegerField(
        _("チームの最少の人数"), default=2, validators=[MinValueValidator(1)]
    )
    largest = models.PositiveSmallIntegerField(
        _("チームの最多の人数"), default=4, validators=[MaxValueValidator(MOST_OF_A_TEAM)]
    )
    stall_days = models.PositiveSmallIntegerField(
        _("この日数、週の記録がないと知らせる"),
        default=14,
        validators=[MinValueValidator(7), MaxValueValidator(60)],
    )
    seed = models.CharField(_("くじの種"), max_length=60, blank=True)
    purpose = models.TextField(_("個人情報を使う目的"), max_length=1000, blank=True)
    keep_months = models.PositiveSmallIntegerField(
        _("最終報告会のあと、個人情報を持つ月数"), default=12, validators=[MaxValueValidator(60)]
    )
    form = models.ForeignKey(
        Form, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("アンケートの様式")
    )  # fmt: skip
    coordinators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("コーディネーター")
    )
    facts = models.TextField(_("分かっていること"), blank=True)
    report = models.TextField(_("最終報告のことば"), max_length=8000, blank=True)
    reported_at = models.DateTimeField(_("最終報告を公開した日時"), null=True, blank=True)
    source = models.TextField(_("出典"), blank=True)

    class Meta:
        verbose_name = _("ふるさとCo-LEADの回")
        ordering = ["-fiscal_year", "-pk"]
        constraints = [
            models.CheckConstraint(name="team_sizes_in_order", condition=Q(largest__gte=F("smallest"))),
            models.CheckConstraint(
                name="call_closes_after_it_opens",
                condition=Q(opens_on=None) | Q(closes_on=None) | Q(closes_on__gte=F("opens_on")),
            ),
            models.CheckConstraint(
                name="reported_says_when", condition=~Q(step=Step.REPORTED) | Q(reported_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title_en if get_language() == "en" and self.title_en else self.title
