"""The log of what labs did, the policies they used, and the roll-up national tables are read from."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tsunagu.files.models import StoredFile
from tsunagu.registry.models import Lab, Organisation, Policy
from tsunagu.registry.models.versions import Versioned
from tsunagu.sharing.policy import Paths, RecordAudience, Shared


class KindGroup(models.TextChoices):
    """The lines of the programme's own overview of activities (deck p.13)."""

    PROJECT = "project", _("産学官金プロジェクト")
    SUPPORT = "support", _("企業DX支援（セミナー・窓口・伴走）")
    SUBSIDY = "subsidy", _("企業DX支援（補助金）")
    HUB = "hub", _("地域ハブ（横展開・マッチング）")
    TRAINING = "training", _("研修・人材育成")
    OTHER = "other", _("その他")


class ActivityKind(Versioned):
    """A kind of activity, a table with dates since names change; `group` ties it to the published overview."""

    code = models.SlugField(_("記号"), max_length=30, unique=True)
    label = models.CharField(_("種類"), max_length=60)
    label_en = models.CharField(_("種類（英語）"), max_length=80, blank=True)
    group = models.CharField(_("資料13ページの項目"), max_length=10, choices=KindGroup.choices)
    default_audience = models.CharField(
        _("はじめの公開範囲"),
        max_length=12,
        choices=RecordAudience.choices,
        default=RecordAudience.LABS,
    )
    valid_from = models.DateField(_("使い始め"), null=True, blank=True)
    valid_to = models.DateField(_("使い終わり"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("並び順"), default=0)
    source = models.TextField(_("出典"), blank=True)

    class Meta:
        verbose_name = _("活動の種類")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def shown(self) -> str:
        """The name in the language of the page."""
        return self.label_en if self.label_en and get_language() == "en" else self.label


class ActivityImport(models.Model):
    """A file of activities taken in for a lab: checked first, applied when a person says so."""

    history_large = ("content", "errors")

    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        _("状態"),
        max_length=10,
        choices=[
            ("mapping", _("列を選ぶ前")),
            ("checked", _("確認済み（未反映）")),
            ("refused", _("誤りがあり反映不可")),
            ("applied", _("反映済み")),
        ],
        default="mapping",
    )
    file_name = models.CharField(_("ファイル名"), max_length=255)
    content = models.BinaryField()
    columns = models.JSONField(_("列の割り当て"), default=dict)
    row_count = models.PositiveIntegerField(_("行数"), default=0)
    new_count = models.PositiveIntegerField(_("新規"), default=0)
    changed_count = models.PositiveIntegerField(_("変更"), default=0)
    same_count = models.PositiveIntegerField(_("同じ"), default=0)
    error_count = models.PositiveIntegerField(_("誤り"), default=0)
    errors = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("受付日時"), auto_now_add=True)
    applied_at = models.DateTimeField(_("反映日時"), null=True)

    class Meta:
        verbose_name = _("活動の取込")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name


class ColumnMapping(Versioned):
    """Which column of a lab's own file means what, kept so that next month's file needs no choosing."""

    lab = models.ForeignKey(Lab, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("名前"), max_length=60)
    columns = models.JSONField(_("列の割り当て"), default=dict)
    words = models.JSONField(_("言葉の読み替え"), default=dict)

    class Meta:
        verbose_name = _("列の割り当て")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["lab", "name"], name="mapping_named_once")]

    def __str__(self) -> str:
        return self.name


class Activity(Shared, Versioned):
    """One thing a lab did: on a day, or from a day to a day.

    What a lab was selected for (`Designation.category`) and what it does are two facts; this is the second.
    `origin` and `origin_key` name where it was first recorded: the log, a lab's own file, or another room.
    """

    sharing_paths = Paths(lab="lab_id", bureau="lab__region__bureau__code")

    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="activities", verbose_name=_("ラボ"))
    kind = models.ForeignKey(
        ActivityKind, on_delete=models.PROTECT, related_name="activities", verbose_name=_("種類")
    )
    title = models.CharField(_("何をしたか"), max_length=200)
    started_on = models.DateField(_("行った日"))
    ended_on = models.DateField(_("終わった日"), null=True, blank=True)
    people = models.PositiveIntegerField(_("参加した人数"), null=True, blank=True)
    summary = models.TextField(_("内容・成果"), blank=True)
    evidence_link = models.URLField(_("裏づけになるページ"), max_length=500, blank=True)
    policies = models.ManyToManyField(
        Policy, blank=True, related_name="activities", verbose_name=_("使った施策")
    )
    origin = models.CharField(max_length=20, default="log")
    origin_key = models.CharField(max_length=80, blank=True)
    batch = models.ForeignKey(ActivityImport, on_delete=models.SET_NULL, null=True, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    noted_at = models.DateTimeField(_("記録した日時"), db_default=models.functions.Now())

    class Meta:
        verbose_name = _("活動")
        ordering = ["-started_on", "-pk"]
        indexes = [
            models.Index(fields=["lab", "-started_on"], name="activity_of_lab"),
            models.Index(fields=["started_on", "kind", "lab"], name="activity_on_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="activity_ends_after_start",
                condition=models.Q(ended_on__isnull=True) | models.Q(ended_on__gte=models.F("started_on")),
            ),
            models.UniqueConstraint(
                fields=["lab", "origin", "origin_key"],
                condition=~models.Q(origin_key=""),
                name="activity_recorded_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ActivityCompany(models.Model):
    """A company an activity helped. `company_key` is the same wherever it is named, so it is counted once nationally.

    Names go to the lab itself and those in charge of it: what is public of an activity never includes them.
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="companies")
    name = models.CharField(_("企業の名前"), max_length=200, blank=True)
    corporate_number = models.CharField(_("法人番号"), max_length=13, blank=True)
    company_key = models.CharField(max_length=230)

    class Meta:
        verbose_name = _("支援した企業")
        ordering = ["activity", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "company_key"], name="company_once_an_activity")
        ]

    def __str__(self) -> str:
        return self.name or self.corporate_number


class ActivityPartner(models.Model):
    """Another lab or organisation that took part."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="partners")
    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("名前"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("一緒に行ったところ")
        ordering = ["activity", "pk"]

    def __str__(self) -> str:
        return str(self.lab or self.organisation or self.name)


class ActivityFile(models.Model):
    """Evidence of an activity: a photo, a flyer, a list of those present."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="files")
    stored_file = models.OneToOneField(StoredFile, on_delete=models.PROTECT)

    class Meta:
        verbose_name = _("活動の裏づけ")

    def __str__(self) -> str:
        return self.stored_file.name


class PolicyFit(models.Model):
    """A policy is likely of use to a lab that does activities of a kind; the reason is shown to the lab."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="fits")
    kind = models.ForeignKey(ActivityKind, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("合うと考える理由"), max_length=200)

    class Meta:
        verbose_name = _("施策が合う活動")
        constraints = [models.UniqueConstraint(fields=["policy", "kind"], name="fit_once")]

    def __str__(self) -> str:
        return self.reason


class Again(models.TextChoices):
    """Whether a lab would use a policy again."""

    YES = "yes", _("また使いたい")
    NO = "no", _("使わない")
    UNSURE = "unsure", _("分からない")


class FactState(models.TextChoices):
    """Whether a number is only what the lab said, or was checked against evidence (dossier §12)."""

    SELF_REPORTED = "self_reported", _("自己申告")
    VERIFIED = "verified", _("確認済み")


class PolicyUse(Shared, Versioned):
    """政策活用実績: what a lab made of one policy in one fiscal year (deck p.17).

    A correction is a new row; the one it takes the place of ends at that moment, so that any day's table stays.
    """

    sharing_paths = Paths(lab="lab_id", bureau="lab__region__bureau__code")
    field_audiences = {"amount": RecordAudience.PARTIES}

    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="policy_uses")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="uses", verbose_name=_("施策"))
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    companies = models.PositiveIntegerField(_("企業の数"), null=True, blank=True)
    count = models.PositiveIntegerField(_("件数"), null=True, blank=True)
    amount = models.PositiveBigIntegerField(_("金額（円）"), null=True, blank=True)
    result = models.TextField(_("成果"), blank=True)
    again = models.CharField(_("また使うか"), max_length=8, choices=Again.choices, blank=True)
    state = models.CharField(
        _("確かめたか"), max_length=14, choices=FactState.choices, default=FactState.SELF_REPORTED
    )
    evidence = models.TextField(_("裏づけ"), blank=True)
    source = models.CharField(_("出所"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("記録した日時"), db_default=models.functions.Now())
    replaced_at = models.DateTimeField(_("置き換えた日時"), null=True, blank=True)

    class Meta:
        verbose_name = _("政策活用実績")
        ordering = ["-fiscal_year", "policy", "lab"]
        constraints = [
            models.UniqueConstraint(
                fields=["lab", "policy", "fiscal_year"],
                condition=models.Q(replaced_at__isnull=True),
                name="policy_use_once_a_year",
            ),
            models.CheckConstraint(
                name="verified_use_has_evidence",
                condition=~models.Q(state="verified") | ~models.Q(evidence=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lab} {self.policy} {self.fiscal_year}"


class Stale(models.Model):
    """A lab's month whose activities changed since the roll-up last saw it; written by triggers, never updated."""

    lab_id = models.IntegerField()
    month = models.DateField()

    def __str__(self) -> str:
        return f"{self.lab_id} {self.month}"


class Tier(models.TextChoices):
    """Which records a national table counts: what everybody may see, what all labs may see, or all."""

    PUBLIC = "public", _("公開の記録")
    OPEN = "open", _("公開とラボ間の記録")
    ALL = "all", _("すべての記録")


class MonthCount(models.Model):
    """The roll-up: how many activities of a kind and audience a lab had in a month. Kept by `services.rolling`."""

    audience = models.CharField(max_length=12)
    lab = models.ForeignKey(Lab, on_delete=models.CASCADE, related_name="+", db_index=False)
    bureau_code = models.CharField(max_length=20)
    kind = models.ForeignKey(ActivityKind, on_delete=models.CASCADE, related_name="+", db_index=False)
    month = models.DateField()
    activities = models.PositiveIntegerField()
    people = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lab", "month", "kind", "audience"], name="month_counted_once")
        ]
        indexes = [models.Index(fields=["month"], name="month_count_month")]

    def __str__(self) -> str:
        return f"{self.lab_id} {self.month} {self.kind_id}"


class YearCount(models.Model):
    """The months of a fiscal year together, for one tier: what tables of several years read."""

    tier = models.CharField(max_length=6)
    fiscal_year = models.PositiveSmallIntegerField()
    lab = models.ForeignKey(Lab, on_delete=models.CASCADE, related_name="+", db_index=False)
    bureau_code = models.CharField(max_length=20)
    kind = models.ForeignKey(ActivityKind, on_delete=models.CASCADE, related_name="+", db_index=False)
    activities = models.PositiveIntegerField()
    people = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tier", "fiscal_year", "lab", "kind"], name="year_counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.tier} {self.fiscal_year} {self.lab_id}"


class HelpedCompany(models.Model):
    """The roll-up of companies: a company a lab helped in a fiscal year by activities of one kind and audience."""

    audience = models.CharField(max_length=12)
    lab = models.ForeignKey(Lab, on_delete=models.CASCADE, related_name="+", db_index=False)
    bureau_code = models.CharField(max_length=20)
    kind = models.ForeignKey(ActivityKind, on_delete=models.CASCADE, related_name="+", db_index=False)
    fiscal_year = models.PositiveSmallIntegerField()
    company_key = models.CharField(max_length=230)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lab", "fiscal_year", "kind", "audience", "company_key"], name="helped_once"
            )
        ]
        indexes = [models.Index(fields=["fiscal_year", "company_key"], name="helped_in_year")]

    def __str__(self) -> str:
        return f"{self.lab_id} {self.fiscal_year} {self.company_key}"


class CompanyCount(models.Model):
    """How many different companies were helped in a fiscal year: in the nation (`bureau_code` '') or one bureau's region.

    `kind` is null for any kind.
    """

    bureau_code = models.CharField(max_length=20, blank=True)
    fiscal_year = models.PositiveSmallIntegerField()
    kind = models.ForeignKey(ActivityKind, on_delete=models.CASCADE, null=True, related_name="+")
    tier = models.CharField(max_length=6)
    companies = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tier", "fiscal_year", "bureau_code", "kind"],
                nulls_distinct=False,
                name="companies_counted_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.bureau_code} {self.companies}"
