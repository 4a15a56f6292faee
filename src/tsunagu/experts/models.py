"""Experts and what labs ask of them: request → triage → offer → both accept → visits → reports → follow-up."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tsunagu.activities.models import Activity
from tsunagu.cases.models import Industry
from tsunagu.registry.models import Lab, LocalGovernment, Organisation
from tsunagu.registry.models.versions import Versioned


class Theme(models.Model):
    """What experts are asked about; a table the secretariat keeps."""

    code = models.SlugField(_("記号"), max_length=30, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英語名"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    source = models.TextField(_("出典"), blank=True)

    class Meta:
        verbose_name = _("相談のテーマ")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class Payer(models.TextChoices):
    """Who pays for the expert's time and travel."""

    PROGRAMME = "programme", _("制度が払う（ラボの負担なし）")
    LAB = "lab", _("ラボが払う")
    FREE = "free", _("無償")


class Mode(models.TextChoices):
    """How they meet."""

    ONLINE = "online", _("オンライン")
    ONSITE = "onsite", _("訪問")
    EITHER = "either", _("どちらでも")


class Expert(Versioned):
    """An expert as they describe themselves. What is public is the description, never the person's address."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="expert")
    headline = models.CharField(_("ひとことで"), max_length=100)
    about = models.TextField(_("経歴と、できること"), max_length=2000, blank=True)
    affiliation = models.CharField(_("所属"), max_length=100, blank=True)
    themes = models.ManyToManyField(Theme, related_name="experts", verbose_name=_("テーマ"))
    industries = models.ManyToManyField(
        Industry, blank=True, related_name="+", verbose_name=_("経験のある業種")
    )
    home = models.ForeignKey(
        LocalGovernment, on_delete=models.PROTECT, related_name="+", verbose_name=_("住まい・勤め先の都道府県"),
        limit_choices_to={"prefecture": None},
    )  # fmt: skip
    areas = models.ManyToManyField(
        LocalGovernment, blank=True, related_name="+", verbose_name=_("訪問できる都道府県（選ばなければ全国）"),
        limit_choices_to={"prefecture": None},
    )  # fmt: skip
    mode = models.CharField(_("会い方"), max_length=8, choices=Mode.choices, default=Mode.EITHER)
    away_months = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(12)]),
        verbose_name=_("引き受けられない月"), default=list, blank=True,
    )  # fmt: skip
    most_a_year = models.PositiveSmallIntegerField(_("1年に引き受ける最大の件数"), default=6)
    most_a_month = models.PositiveSmallIntegerField(_("1か月に引き受ける最大の件数"), default=2)
    conflicts = models.ManyToManyField(
        Organisation, blank=True, related_name="+", verbose_name=_("利害関係のある組織")
    )
    payer = models.CharField(_("だれが払うか"), max_length=10, choices=Payer.choices, default=Payer.PROGRAMME)
    sells = models.CharField(_("自分や所属先が売っているもの"), max_length=200, blank=True)
    shows_alternatives = models.BooleanField(
        _("売っているものをすすめるときは、ほかの選択肢も必ず示す"), default=False
    )
    is_listed = models.BooleanField(_("名簿に載せる"), default=True)
    confirmed_on = models.DateField(_("内容を確かめた日"), null=True, blank=True)

    class Meta:
        verbose_name = _("専門家")
        ordering = ["person__name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="who_sells_shows_alternatives", condition=Q(sells="") | Q(shows_alternatives=True)
            )
        ]

    def __str__(self) -> str:
        return str(self.person)


class DispatchRules(Versioned):
    """What the secretariat sets for everybody; one row."""

    most_of_a_lab = models.PositiveSmallIntegerField(_("1つのラボが1年に受けられる件数"), default=3)
    nudge_days = models.PositiveSmallIntegerField(_("はじめの連絡を促す日（何日後）"), default=3)
    rematch_days = models.PositiveSmallIntegerField(
        _("連絡がないとき、組み直しを促す日（何日後）"), default=10
    )
    capital_share = models.PositiveSmallIntegerField(
        _("首都圏の専門家の割合の目安（%）"), default=50, validators=[MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = _("専門家派遣のきまり")

    def __str__(self) -> str:
        return str(_("専門家派遣のきまり"))


class ForWhom(models.TextChoices):
    """Whose matter it is."""

    LAB = "lab", _("ラボ自身")
    COMPANY = "company", _("地域の会社")


class RequestState(models.TextChoices):
    """Where a request stands."""

    DRAFT = "draft", _("下書き")
    SENT = "sent", _("事務局が確認中")
    RETURNED = "returned", _("書き足しを待っている")
    READY = "ready", _("専門家を探している")
    OFFERED = "offered", _("双方の返事を待っている")
    AGREED = "agreed", _("決まった")
    DONE = "done", _("終わった")
    REFUSED = "refused", _("見送り")
    WITHDRAWN = "withdrawn", _("取り下げ")


class DispatchRequest(Versioned):
    """A lab asks for an expert, for itself or for a company it helps."""

    number = models.CharField(_("番号"), max_length=12, unique=True)
    lab = models.ForeignKey(
        Lab, on_delete=models.PROTECT, related_name="dispatch_requests", verbose_name=_("ラボ")
    )
    state = models.CharField(
        _("状態"), max_length=10, choices=RequestState.choices, default=RequestState.DRAFT
    )
    title = models.CharField(_("相談の題名"), max_length=100)
    for_whom = models.CharField(_("相談するのは"), max_length=8, choices=ForWhom.choices, default=ForWhom.LAB)
    company = models.CharField(_("会社の名前（会社の相談のとき）"), max_length=200, blank=True)
    corporate_number = models.CharField(_("会社の法人番号"), max_length=13, blank=True)
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, verbose_name=_("テーマ"), null=True, blank=True
    )
    industry = models.ForeignKey(
        Industry, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("業種")
    )
    situation = models.TextField(_("いまの状況"), max_length=2000, blank=True)
    goal = models.TextField(_("どうなったらよいか"), max_length=2000, blank=True)
    month = models.DateField(_("来てほしい月"), null=True, blank=True)
    days = ArrayField(models.DateField(), verbose_name=_("候補の日"), default=list, blank=True)
    times = models.CharField(_("都合のよい曜日や時間"), max_length=200, blank=True)
    mode = models.CharField(_("会い方"), max_length=8, choices=Mode.choices, default=Mode.EITHER)
    note = models.TextField(_("事務局から"), max_length=1000, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    sent_at = models.DateTimeField(_("送った日時"), null=True, blank=True)
    # The words are written together: what the secretariat changed is the lab's only when the lab has read it.
    agreed_at = models.DateTimeField(_("ラボがいまの文でよいとした日時"), null=True, blank=True)
    asked_at = models.DateTimeField(_("ラボに確かめを頼んだ日時"), null=True, blank=True)
    closed_at = models.DateTimeField(_("終わった日時"), null=True, blank=True)

    class Meta:
        verbose_name = _("専門家の依頼")
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Writer(models.TextChoices):
    """Who of the two that write a request together."""

    LAB = "lab", _("ラボ")
    OFFICE = "office", _("事務局")


class BriefEdit(models.Model):
    """What one side changed of a request that was sent: the words before and after, shown to the other side. Never changed."""

    request = models.ForeignKey(DispatchRequest, on_delete=models.CASCADE, related_name="edits")
    side = models.CharField(_("直した人"), max_length=8, choices=Writer.choices)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("直した日時"), auto_now_add=True)
    words = models.JSONField(_("前と後の文"), default=dict)

    class Meta:
        verbose_name = _("依頼の書き直し")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.request} {self.get_side_display()}"


class Answer(models.TextChoices):
    """A side's answer to an offer."""

    WAITING = "waiting", _("返事を待っている")
    YES = "yes", _("引き受ける")
    NO = "no", _("断る")


class Offer(Versioned):
    """An expert proposed for a request, with the reasons. It holds when both have said yes; one stands at a time."""

    request = models.ForeignKey(DispatchRequest, on_delete=models.PROTECT, related_name="offers")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="offers")
    score = models.IntegerField(_("合い具合（100万分の1）"))
    reasons = ArrayField(models.CharField(max_length=200), verbose_name=_("理由"), default=list)
    missing = ArrayField(models.CharField(max_length=200), verbose_name=_("足りないこと"), default=list)
    # As it was when they were proposed: the duty to show alternatives does not go away by deleting a line.
    sells = models.CharField(_("専門家や所属先が売っているもの"), max_length=200, blank=True)
    of_lab = models.CharField(_("ラボの返事"), max_length=8, choices=Answer.choices, default=Answer.WAITING)
    of_expert = models.CharField(
        _("専門家の返事"), max_length=8, choices=Answer.choices, default=Answer.WAITING
    )
    why_not = models.CharField(_("断る理由"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("示した日時"), auto_now_add=True)
    agreed_at = models.DateTimeField(_("決まった日時"), null=True, blank=True)
    ended_at = models.DateTimeField(_("終わった日時"), null=True, blank=True)
    first_contact_on = models.DateField(_("はじめの連絡をした日"), null=True, blank=True)

    class Meta:
        verbose_name = _("専門家の案")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(ended_at=None), name="one_offer_at_a_time"
            ),
            models.CheckConstraint(
                name="agreed_offer_has_two_yes",
                condition=Q(agreed_at=None) | Q(of_lab=Answer.YES, of_expert=Answer.YES),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} {self.expert}"


class Visit(Versioned):
    """One meeting, logged in under two minutes."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="visits")
    held_on = models.DateField(_("会った日"))
    mode = models.CharField(
        _("会い方"), max_length=8, choices=[(one.value, one.label) for one in (Mode.ONLINE, Mode.ONSITE)]
    )
    hours = models.DecimalField(_("時間"), max_digits=4, decimal_places=1)
    people = models.PositiveSmallIntegerField(_("参加した人数"), null=True, blank=True)
    done = models.CharField(_("したこと（ひとこと）"), max_length=200)
    next_step = models.CharField(_("次にすること"), max_length=200, blank=True)
    activity = models.ForeignKey(Activity, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("訪問の記録")
        ordering = ["held_on", "pk"]

    def __str__(self) -> str:
        return f"{self.offer} {self.held_on}"


class Side(models.TextChoices):
    """Whose report."""

    LAB = "lab", _("ラボ")
    EXPERT = "expert", _("専門家")


class Shown(models.TextChoices):
    """Whether the lab was shown other choices than what the expert sells."""

    YES = "yes", _("示された")
    NO = "no", _("示されなかった")
    NOTHING = "nothing", _("売っているものは、すすめられなかった")


class DispatchReport(Versioned):
    """What a side says at the end. Each is read by the secretariat; the other side reads the part meant for it."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="reports")
    side = models.CharField(_("だれの報告か"), max_length=8, choices=Side.choices)
    reached = models.PositiveSmallIntegerField(
        _("目標にどれだけ近づいたか（1〜5）"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    told = models.TextField(_("したことと、その結果"), max_length=2000)
    alternatives = models.TextField(_("ほかの選択肢として示したもの"), max_length=1000, blank=True)
    was_shown = models.CharField(
        _("専門家が売っているもののほかに、選択肢を示されましたか"),
        max_length=8,
        choices=Shown.choices,
        blank=True,
    )
    inner = models.TextField(_("事務局だけに伝えること"), max_length=1000, blank=True)
    made_at = models.DateTimeField(_("出した日時"), auto_now_add=True)

    class Meta:
        verbose_name = _("派遣の報告")
        constraints = [models.UniqueConstraint(fields=["offer", "side"], name="reported_once_a_side")]

    def __str__(self) -> str:
        return f"{self.offer} {self.get_side_display()}"


class Progress(models.TextChoices):
    """What became of it later."""

    GOING = "going", _("続いている")
    DONE = "done", _("できあがった")
    SETTLED = "settled", _("定着した")
    STOPPED = "stopped", _("止まった")


class FollowUp(Versioned):
    """The question three, six and twelve months after, answered in one press."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="follow_ups")
    months = models.PositiveSmallIntegerField(_("何か月後か"))
    due_on = models.DateField(_("聞く日"))
    progress = models.CharField(_("いまどうなっているか"), max_length=8, choices=Progress.choices, blank=True)
    note = models.CharField(_("ひとこと"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("答えた日時"), null=True, blank=True)

    class Meta:
        verbose_name = _("その後")
        ordering = ["due_on"]
        constraints = [models.UniqueConstraint(fields=["offer", "months"], name="followed_up_once")]

    def __str__(self) -> str:
        return f"{self.offer} {self.months}"
