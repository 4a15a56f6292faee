"""What labs plan and use: the indicators of their plans with targets by year, and the policies offered to them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tsunagu.registry.fields import PartialDateField
from tsunagu.registry.models.labs import Designation, Lab
from tsunagu.registry.models.versions import Versioned


class Policy(Versioned):
    """A policy or programme labs may use: names and rules change from year to year, so it is a table with dates."""

    code = models.SlugField(_("記号"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    owner = models.CharField(_("所管"), max_length=100)
    valid_from = PartialDateField(_("始まり"), null=True, blank=True)
    valid_to = PartialDateField(_("終わり"), null=True, blank=True)
    note = models.TextField(_("説明"), blank=True)
    source = models.TextField(_("出典"), blank=True)

    class Meta:
        verbose_name = _("政策・施策")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Indicator(Versioned):
    """One indicator of a lab's plan (glossary: 指標), as selected; its actual values come with the yearly reports."""

    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="indicators")
    designation = models.ForeignKey(
        Designation, on_delete=models.PROTECT, null=True, blank=True, related_name="indicators"
    )
    position = models.PositiveSmallIntegerField(_("並び順"), default=0)
    name = models.CharField(_("指標"), max_length=200)
    unit = models.CharField(_("単位"), max_length=30, blank=True)
    baseline = models.DecimalField(_("基準値"), max_digits=18, decimal_places=4, null=True, blank=True)
    baseline_year = models.PositiveSmallIntegerField(_("基準年度"), null=True, blank=True)
    source = models.TextField(_("出典・測り方"), blank=True)

    class Meta:
        verbose_name = _("指標")
        ordering = ["lab", "position", "pk"]

    def __str__(self) -> str:
        return self.name


class IndicatorTarget(models.Model):
    """What an indicator is meant to reach in a fiscal year."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="targets")
    year = models.PositiveSmallIntegerField(_("年度"))
    value = models.DecimalField(_("目標値"), max_digits=18, decimal_places=4)

    class Meta:
        verbose_name = _("指標の目標")
        ordering = ["indicator", "year"]
        constraints = [models.UniqueConstraint(fields=["indicator", "year"], name="target_once_a_year")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year}"
