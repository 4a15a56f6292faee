"""Editions of DX Selection, the companies labs work with, recommendations, and what companies consented to."""

import secrets
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tsunagu.recommending.duties import Duty, duty
from tsunagu.recommending.rules import CompanyFacts, Nintei, Route, Rules, Slip, Step
from tsunagu.recommending.sizes import Trade
from tsunagu.registry.kinds import Scheme
from tsunagu.registry.models import Lab, Organisation
from tsunagu.registry.models.versions import Versioned


class Edition(Versioned):
    """One year's DX Selection and its rules. Blank: no page found says it (未確認)."""

    year = models.PositiveSmallIntegerField(
        _("年"), unique=True, validators=[MinValueValidator(2022), MaxValueValidator(2100)]
    )
    title = models.CharField(_("名称"), max_length=100)
    opens_on = models.DateField(_("受付の始まり"), null=True, blank=True)
    closes_on = models.DateField(_("受付の終わり"), null=True, blank=True)
    lab_scheme = models.CharField(
        _("推薦できるラボの制度"),
        max_length=12,
        choices=[one for one in Scheme.choices if one[0] != Scheme.UNRESOLVED],
        default=Scheme.DX,
    )
    routes_with = ArrayField(
        models.CharField(max_length=10, choices=Route.choices),
        verbose_name=_("DX認定のある会社が選べる道"),
        null=True,
        blank=True,
    )
    routes_without = ArrayField(
        models.CharField(max_length=10, choices=Route.choices),
        verbose_name=_("DX認定のない会社が選べる道"),
        null=True,
        blank=True,
    )
    pledge_needed = models.BooleanField(
        _("DX認定のない会社に、推薦する人の申請補助の宣言が要る"), null=True, blank=True
    )
    filing_deadline = models.DateField(_("DX認定を申請する期限"), null=True, blank=True)
    capital_below = models.BigIntegerField(_("資本金がこれより少ない（円）"), null=True, blank=True)
    staff_at_most = models.PositiveIntegerField(_("従業員がこれ以下（人）"), null=True, blank=True)
    past_winners_excluded = models.BooleanField(_("過去に選定された会社は除く"), null=True, blank=True)
    source = models.TextField(_("出典"))
    note = models.TextField(_("説明"), blank=True)

    class Meta:
        verbose_name = _("DXセレクションの回")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                name="edition_closes_after_it_opens",
                condition=Q(opens_on__isnull=True)
                | Q(closes_on__isnull=True)
                | Q(closes_on__gte=models.F("opens_on")),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def rules(self) -> Rules:
        return Rules(
            year=self.year,
            opens_on=self.opens_on,
            closes_on=self.closes_on,
            lab_scheme=self.lab_scheme,
            routes_with=self.routes_with,
            routes_without=self.routes_without,
            pledge_needed=self.pledge_needed,
            filing_deadline=self.filing_deadline,
            capital_below=self.capital_below,
            staff_at_most=self.staff_at_most,
            past_winners_excluded=self.past_winners_excluded,
        )


class Company(Versioned):
    """A company as one lab knows it: what another lab was told stays with that lab."""

    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="supported_companies")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("組織")
    )
    capital = models.BigIntegerField(
        _("資本金（円）"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    staff = models.PositiveIntegerField(_("常時使用する従業員の数"), null=True, blank=True)
    trade = models.CharField(_("業種の区分"), max_length=12, choices=Trade.choices, blank=True)
    industry = models.CharField(_("業種"), max_length=100, blank=True)
    size_note = models.TextField(_("規模についての説明"), blank=True)
    nintei = models.CharField(_("DX認定"), max_length=12, choices=Nintei.choices, default=Nintei.UNKNOWN)
    nintei_number = models.CharField(_("DX認定の番号"), max_length=60, blank=True)
    nintei_from = models.DateField(_("認定の始まり"), null=True, blank=True)
    nintei_to = models.DateField(_("認定の終わり"), null=True, blank=True)
    nintei_source = models.CharField(_("DX認定の出典"), max_length=300, blank=True)
    won_years = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("選定された年"), default=list, blank=True
    )
    contact_name = models.CharField(_("会社の担当者の氏名"), max_length=100, blank=True)
    contact_email = models.EmailField(_("会社の担当者のメールアドレス"), blank=True)

    class Meta:
        verbose_name = _("会社")
        ordering = ["lab", "organisation__name"]
        constraints = [
            models.UniqueConstraint(fields=["lab", "organisation"], name="company_once_per_lab"),
            models.CheckConstraint(
                name="nintei_ends_after_it_begins",
                condition=Q(nintei_from__isnull=True)
                | Q(nintei_to__isnull=True)
                | Q(nintei_to__gte=models.F("nintei_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name

    def facts(self, *, won_elsewhere: frozenset[int] = frozenset()) -> CompanyFacts:
        """What the rules ask; `won_elsewhere`: years it won by what any lab recorded."""
        return CompanyFacts(
            capital=self.capital,
            staff=self.staff,
            size_note=self.size_note,
            nintei=Nintei(self.nintei),
            nintei_from=self.nintei_from,
            nintei_to=self.nintei_to,
            won_years=frozenset(self.won_years) | won_elsewhere,
        )


class Recommendation(Versioned):
    """A lab recommends a company for an edition."""

    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="recommendations", verbose_name=_("会社")
    )
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="recommendations", verbose_name=_("回")
    )
    route = models.CharField(_("推薦のしかた"), max_length=10, choices=Route.choices, default=Route.LAB)
    reasons = models.TextField(_("推薦する理由"), blank=True)
    results = models.TextField(_("取組と成果"), blank=True)
    pledge = models.TextField(_("申請補助の宣言"), blank=True)
    pledged_by_label = models.CharField(_("宣言した人"), max_length=100, blank=True)
    pledged_at = models.DateTimeField(_("宣言した日時"), null=True, blank=True)
    planned_filing_on = models.DateField(_("DX認定を申請する予定の日"), null=True, blank=True)
    filed_on = models.DateField(_("DX認定を申請した日"), null=True, blank=True)
    filing_note = models.CharField(_("申請の控え"), max_length=200, blank=True)
    struck = ArrayField(
        models.CharField(max_length=30), verbose_name=_("会社が消した項目"), default=list, blank=True
    )
    state = models.CharField(_("状態"), max_length=12, choices=Step.choices, default=Step.DRAFT)
    sent_at = models.DateTimeField(_("推薦した日時"), null=True, blank=True)
    sent_by_label = models.CharField(_("推薦した人"), max_length=100, blank=True)
    result_on = models.DateField(_("結果の日"), null=True, blank=True)
    result_source = models.CharField(_("結果の出典・理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("推薦")
        ordering = ["-edition__year", "company__organisation__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "edition"],
                name="company_recommended_once_per_edition",
                condition=~Q(state=Step.WITHDRAWN),
            ),
            models.CheckConstraint(
                name="sent_recommendation_says_when",
                condition=Q(state__in=[Step.DRAFT, Step.ASKED, Step.REFUSED, Step.CONSENTED, Step.WITHDRAWN])
                | Q(sent_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company}（{self.edition}）"

    @property
    def slip(self) -> Slip:
        """What the rules ask; what the company struck is not there."""
        reasons = "" if "reasons" in self.struck else self.reasons
        return Slip(Route(self.route), reasons, self.pledge, self.planned_filing_on, self.filed_on)

    @property
    def duty(self) -> Duty | None:
        """What has to follow; nothing for a company that holds DX認定 by now."""
        if self.company.facts().holds(timezone.localdate()):
            return None
        return duty(
            self.edition.rules,
            step=self.state,
            pledge=self.pledge,
            planned_filing_on=self.planned_filing_on,
            filed_on=self.filed_on,
        )

    def is_duty_late(self, on: date) -> bool:
        now = self.duty
        return now is not None and now.is_late(on)


class Answer(models.TextChoices):
    """What a company said to a text."""

    WAITING = "waiting", _("返事を待っている")
    CONSENTED = "consented", _("同意した")
    REFUSED = "refused", _("断った")
    REPLACED = "replaced", _("内容が変わったので無効")


def new_token() -> str:
    return secrets.token_urlsafe(32)


class Consent(models.Model):
    """The exact text shown to a company, and its answer: only to that text (`digest`), never to a later one."""

    history_secret = ("token",)

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="consents")
    token = models.CharField(max_length=60, default=new_token, unique=True, editable=False)
    lines = models.JSONField(_("見せた文"))
    digest = models.CharField(_("文のハッシュ値（SHA-256）"), max_length=64)
    to_name = models.CharField(_("あて名"), max_length=100)
    to_email = models.EmailField(_("あて先"))
    asked_at = models.DateTimeField(_("求めた日時"), auto_now_add=True)
    asked_by_label = models.CharField(_("求めた人"), max_length=100)
    expires_at = models.DateTimeField(_("返事の期限"))
    answer = models.CharField(_("返事"), max_length=10, choices=Answer.choices, default=Answer.WAITING)
    struck = ArrayField(
        models.CharField(max_length=30), verbose_name=_("消した項目"), default=list, blank=True
    )
    name = models.CharField(_("同意した人の氏名と役職"), max_length=100, blank=True)
    reason = models.TextField(_("理由"), blank=True)
    answered_at = models.DateTimeField(_("返事の日時"), null=True, blank=True)

    class Meta:
        verbose_name = _("会社の同意")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation"], name="one_question_at_a_time", condition=Q(answer=Answer.WAITING)
            ),
            models.CheckConstraint(
                name="consent_says_who_and_when",
                condition=~Q(answer=Answer.CONSENTED) | (~Q(name="") & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="refusal_says_why", condition=~Q(answer=Answer.REFUSED) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation} {self.get_answer_display()}"
