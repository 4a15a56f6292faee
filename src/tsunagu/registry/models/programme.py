"""The programme itself: rounds of selection, the merits of being selected, the criteria of review."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tsunagu.registry.fields import PartialDateField
from tsunagu.registry.kinds import Scheme
from tsunagu.registry.models.versions import Versioned

RUN_SCHEMES = [(Scheme.IOT.value, Scheme.IOT.label), (Scheme.DX.value, Scheme.DX.label)]


class SelectionDates(models.Model):
    """選定日, 公表日 and 選定証授与日 are three dates (seed B1); each may be known to the month only."""

    selected_on = PartialDateField(_("選定日"), null=True, blank=True)
    announced_on = PartialDateField(_("公表日"), null=True, blank=True)
    certificate_awarded_on = PartialDateField(_("選定証授与日"), null=True, blank=True)

    class Meta:
        abstract = True


class Round(SelectionDates, Versioned):
    """第N弾 of a scheme. `published_count` is how many regions its announcement named."""

    scheme = models.CharField(_("制度"), max_length=12, choices=RUN_SCHEMES)
    number = models.PositiveSmallIntegerField(_("弾"))
    published_count = models.PositiveSmallIntegerField(_("公表された選定数"), null=True, blank=True)
    source = models.TextField(_("出典"), blank=True)

    class Meta:
        verbose_name = _("弾")
        ordering = ["scheme", "number"]
        constraints = [models.UniqueConstraint(fields=["scheme", "number"], name="round_once_per_scheme")]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.label}"

    @property
    def label(self) -> str:
        return f"Round {self.number}" if get_language() == "en" else f"第{self.number}弾"

    @property
    def key(self) -> str:
        """Its name in addresses: `dx-1`."""
        return f"{self.scheme}-{self.number}"


class SchemeStatement(models.Model):
    """One numbered statement about a scheme, in our own words, with its source."""

    scheme = models.CharField(_("制度"), max_length=12, choices=RUN_SCHEMES)
    position = models.PositiveSmallIntegerField(_("番号"))
    code = models.SlugField(_("コード"), max_length=40)
    title = models.CharField(_("見出し"), max_length=100)
    title_en = models.CharField(_("見出し（英語）"), max_length=100)
    text = models.TextField(_("内容"), blank=True)
    text_en = models.TextField(_("内容（英語）"), blank=True)
    source = models.TextField(_("出典"))

    class Meta:
        abstract = True
        ordering = ["scheme", "position"]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.position} {self.title}"

    @property
    def label(self) -> str:
        return self.title_en if get_language() == "en" else self.title

    @property
    def body(self) -> str:
        return self.text_en if get_language() == "en" else self.text


class Merit(SchemeStatement):
    """What a selected lab gets (deck p.5)."""

    class Meta(SchemeStatement.Meta):
        verbose_name = _("選定の利点")
        constraints = [models.UniqueConstraint(fields=["scheme", "position"], name="merit_once")]


class Criterion(SchemeStatement):
    """審査の視点: what reviewers look at (deck p.7)."""

    class Meta(SchemeStatement.Meta):
        verbose_name = _("審査の視点")
        constraints = [models.UniqueConstraint(fields=["scheme", "position"], name="criterion_once")]
