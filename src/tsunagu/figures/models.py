"""Numbers that somebody published, as they stand in the document."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tsunagu.registry.fields import PartialDateField


class PublishedFigure(models.Model):
    """One statement of a document that holds a number.

    `numerator` alone is a count; with `denominator` a share; `percent` as printed. `measure` names what is counted,
    so that two statements about one thing can be compared; `part_of` and `partition` say which total it is a part of.
    """

    code = models.CharField(_("番号"), max_length=10, unique=True)
    section = models.CharField(_("資料の箇所"), max_length=100)
    statement = models.TextField(_("記載"))
    numerator = models.PositiveIntegerField(_("数"), null=True, blank=True)
    denominator = models.PositiveIntegerField(_("分母"), null=True, blank=True)
    percent = models.PositiveSmallIntegerField(_("割合（%）"), null=True, blank=True)
    as_of = PartialDateField(_("時点"))
    measure = models.SlugField(_("数えるもの"), max_length=40, blank=True)
    part_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    partition = models.SlugField(_("内訳の分け方"), max_length=20, blank=True)
    source = models.CharField(_("資料"), max_length=200)

    class Meta:
        verbose_name = _("公表値")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.statement}"
