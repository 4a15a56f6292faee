"""Calls for applications, with the cut-offs of a rolling intake."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tsunagu.questionnaires.models import Form
from tsunagu.registry.models import Round
from tsunagu.registry.models.versions import Versioned


class Call(Versioned):
    """公募: open all the year or for a time; each cut-off leads to one round of selection (dossier §3)."""

    key = models.SlugField(_("記号"), max_length=40, unique=True)
    title = models.CharField(_("題名"), max_length=100)
    title_en = models.CharField(_("題名（英語）"), max_length=100, blank=True)
    summary = models.TextField(_("公募の内容"))
    summary_en = models.TextField(_("公募の内容（英語）"), blank=True)
    eligibility = ArrayField(
        models.CharField(max_length=300), verbose_name=_("申請の要件"), default=list, blank=True,
        help_text=_("1行に1つ。申請を始める前に、申請者がひとつずつ確かめます。"),
    )  # fmt: skip
    form = models.ForeignKey(
        Form, on_delete=models.PROTECT, verbose_name=_("様式（実施計画書）"), related_name="+"
    )
    criteria_set = models.CharField(_("審査の視点の組"), max_length=60, default="dx")
    number_prefix = models.CharField(_("受付番号の頭"), max_length=12)
    last_number = models.PositiveIntegerField(default=0, editable=False)
    opens_at = models.DateTimeField(_("受付の開始"))
    is_rolling = models.BooleanField(_("通年で受け付ける"), default=True)
    needs_approval = models.BooleanField(_("提出の前に申請者の中の決裁を求める"), default=False)
    contact = models.TextField(_("問い合わせ先"), blank=True)
    reminder_days = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("締切の何営業日前に知らせるか"),
        default=list,
        blank=True,
    )
    published_at = models.DateTimeField(_("公開した日時"), null=True, blank=True)
    source = models.TextField(_("出典"), blank=True)

    history_silent = ("version", "last_number")

    class Meta:
        verbose_name = _("公募")
        ordering = ["-opens_at"]

    def __str__(self) -> str:
        return self.title

    def is_open(self, now: object = None) -> bool:
        """Whether applications can be sent now."""
        moment = timezone.now() if now is None else now
        if self.published_at is None or moment < self.opens_at:  # type: ignore[operator]
            return False
        return self.is_rolling or any(one.closes_at >= moment for one in self.cutoffs.all())  # type: ignore[operator]


class Cutoff(Versioned):
    """締切 of a round: what is in by then is reviewed together and selected in that round."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="cutoffs", verbose_name=_("公募"))
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+", verbose_name=_("弾"))
    closes_at = models.DateTimeField(
        _("締切"), help_text=_("日本時間。この秒までに届いた申請を受け付けます。")
    )
    result_planned = models.CharField(_("結果の予定"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("締切")
        ordering = ["closes_at"]
        constraints = [models.UniqueConstraint(fields=["call", "round"], name="cutoff_once_per_round")]

    def __str__(self) -> str:
        return f"{self.call} {self.round.label}"
