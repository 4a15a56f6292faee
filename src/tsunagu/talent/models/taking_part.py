"""Who takes part: talents and companies with what they agreed to, their entries and briefs of an edition."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tsunagu.cases.models import Industry
from tsunagu.registry.models import Lab, LocalGovernment, Organisation
from tsunagu.registry.models.versions import Versioned
from tsunagu.talent.models.editions import MOST_OF_A_TEAM, Edition, Skill


class Kind(models.TextChoices):
    """As what somebody takes part."""

    TALENT = "talent", _("デジタル人材")
    COMPANY = "company", _("企業")


class Mode(models.TextChoices):
    """How they work together."""

    ONLINE = "online", _("オンライン")
    ONSITE = "onsite", _("訪問")
    EITHER = "either", _("どちらでも")


class Consent(models.Model):
    """The very words about their data somebody agreed to, for an edition, and until when the data may be kept.

    個人情報の保護に関する法律 17・18・22条: the purpose is told, used for nothing else, and data no longer needed go.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="co_lead_consents"
    )
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(_("立場"), max_length=8, choices=Kind.choices)
    text = models.TextField(_("同意した文"))
    agreed_at = models.DateTimeField(_("同意した日時"), auto_now_add=True)
    keep_until = models.DateField(_("個人情報を持つ最後の日"))

    class Meta:
        verbose_name = _("個人情報の同意")
        constraints = [
            models.UniqueConstraint(fields=["person", "edition", "kind"], name="agreed_once_an_edition")
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.get_kind_display()} {self.agreed_at:%Y-%m-%d}"


class Talent(Versioned):
    """A digital talent as they describe themselves. Until names open, only what holds no name is shown."""

    # Erased means erased: the history keeps that these changed, never what they said.
    history_secret = ("headline", "about", "portfolio")

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="talent")
    headline = models.CharField(_("できることをひとことで（名前や勤め先を書かずに）"), max_length=100)
    about = models.TextField(
        _("経験と、やってみたいこと（名前や勤め先を書かずに）"), max_length=1500, blank=True
    )
    portfolio = models.URLField(_("実績のページ（名前が開いてから見える）"), max_length=300, blank=True)
    skills = models.ManyToManyField(Skill, related_name="talents", verbose_name=_("技能"))
    home = models.ForeignKey(
        LocalGovernment, on_delete=models.PROTECT, related_name="+", verbose_name=_("住んでいる都道府県"),
        limit_choices_to={"prefecture": None},
    )  # fmt: skip
    mode = models.CharField(_("働き方"), max_length=8, choices=Mode.choices, default=Mode.EITHER)
    erased_at = models.DateTimeField(_("消した日時"), null=True, blank=True)

    class Meta:
        verbose_name = _("デジタル人材")

    def __str__(self) -> str:
        return self.headline or str(_("（消去済み）"))


class EntryState(models.TextChoices):
    """Where a talent's entry stands."""

    SENT = "sent", _("確認中")
    ACCEPTED = "accepted", _("参加")
    DECLINED = "declined", _("見送り")
    WITHDRAWN = "withdrawn", _("辞退")


class Entry(Versioned):
    """A talent takes part in an edition, with the hours they have for it."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="entries")
    talent = models.ForeignKey(Talent, on_delete=models.PROTECT, related_name="entries")
    state = models.CharField(_("状態"), max_length=10, choices=EntryState.choices, default=EntryState.SENT)
    hours = models.PositiveSmallIntegerField(
        _("1か月に使える時間"), validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    most = models.PositiveSmallIntegerField(
        _("同時に引き受ける会社の数"), default=1, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    note = models.CharField(_("コーディネーターから"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("応募した日時"), auto_now_add=True)

    class Meta:
        verbose_name = _("デジタル人材の参加")
        ordering = ["made_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["edition", "talent"], name="talent_enters_once")]

    def __str__(self) -> str:
        return f"T-{self.pk}"

    @property
    def label(self) -> str:
        """What stands for the person until names open."""
        return str(self)


class Company(Versioned):
    """A company that takes part, and the person who speaks for it. Its name opens only when both sides agreed."""

    history_secret = ("contact_title",)

    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="co_lead_companies"
    )
    contact_title = models.CharField(_("担当者の役職"), max_length=100, blank=True)
    name = models.CharField(_("会社の名称"), max_length=200)
    corporate_number = models.CharField(_("法人番号"), max_length=13, blank=True)
    prefecture = models.ForeignKey(
        LocalGovernment, on_delete=models.PROTECT, related_name="+", verbose_name=_("都道府県"),
        limit_choices_to={"prefecture": None},
    )  # fmt: skip
    industry = models.ForeignKey(Industry, on_delete=models.PROTECT, related_name="+", verbose_name=_("業種"))
    staff = models.PositiveIntegerField(
        _("従業員の数"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    lab = models.ForeignKey(
        Lab, on_delete=models.PROTECT, null=True, blank=True, related_name="co_lead_companies",
        verbose_name=_("いっしょに支えるラボ"),
    )  # fmt: skip
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    erased_at = models.DateTimeField(_("消した日時"), null=True, blank=True)

    class Meta:
        verbose_name = _("参加する会社")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class BriefState(models.TextChoices):
    """Where a brief stands. It is published only when both writers said yes to the very same words."""

    WRITING = "writing", _("いっしょに書いている")
    PUBLISHED = "published", _("公開")
    WITHDRAWN = "withdrawn", _("取り下げ")


class Brief(Versioned):
    """What a company wants to do, written together by the company and a coordinator (features row 103).

    `company_ok` and `coordinator_ok` hold the hash of the words each said yes to: a changed word needs both again.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="briefs")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="briefs")
    number = models.CharField(_("番号"), max_length=20, unique=True)
    state = models.CharField(_("状態"), max_length=10, choices=BriefState.choices, default=BriefState.WRITING)
    title = models.CharField(_("題名（会社が分からないように）"), max_length=100)
    gist = models.TextField(
        _("ひとことで（だれでも見る。会社が分からないように）"), max_length=400, blank=True
    )
    situation = models.TextField(_("いまの状況（参加する人材が見る）"), max_length=2000, blank=True)
    goal = models.TextField(
        _("終わったときにできていること（参加する人材が見る）"), max_length=2000, blank=True
    )
    secrets = models.TextField(_("名前が開いてから伝えること"), max_length=2000, blank=True)
    needs = models.ManyToManyField(Skill, related_name="briefs", verbose_name=_("要る技能"))
    hours = models.PositiveSmallIntegerField(
        _("1人が1か月に使う時間"), default=10, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    smallest = models.PositiveSmallIntegerField(_("最少の人数"), default=2, validators=[MinValueValidator(1)])
    largest = models.PositiveSmallIntegerField(
        _("最多の人数"), default=4, validators=[MaxValueValidator(MOST_OF_A_TEAM)]
    )
    mode = models.CharField(_("働き方"), max_length=8, choices=Mode.choices, default=Mode.EITHER)
    company_ok = models.CharField(max_length=64, blank=True, editable=False)
    coordinator_ok = models.CharField(max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField(_("公開した日時"), null=True, blank=True)
    remark = models.CharField(_("相手への伝言"), max_length=500, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("会社の相談書")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(name="brief_sizes_in_order", condition=Q(largest__gte=F("smallest"))),
            models.CheckConstraint(
                name="published_brief_has_two_yes",
                condition=~Q(state=BriefState.PUBLISHED)
                | (~Q(company_ok="") & Q(company_ok=F("coordinator_ok")) & Q(published_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
