"""A company's way to DX認定, as its lab writes it with the company: five parts, and looks at the published pages."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tsunagu.recommending.defects import Means, PartText, Pillar
from tsunagu.recommending.models.lane import Company
from tsunagu.registry.models.versions import Versioned


class Part(Versioned):
    """What the company has for one of the five pillars."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField(_("柱"), choices=Pillar.choices)
    text = models.TextField(_("公表している文"), blank=True)
    document_name = models.CharField(_("公表したものの名前"), max_length=200, blank=True)
    means = models.CharField(_("公表手段"), max_length=6, choices=Means.choices, default=Means.WEB)
    address = models.URLField(_("ページのURL"), max_length=500, blank=True)
    place = models.CharField(_("掲載先"), max_length=300, blank=True)
    published_on = models.DateField(_("公表日"), null=True, blank=True)
    decided_by = models.CharField(_("決めた機関"), max_length=200, blank=True)
    decided_on = models.DateField(_("決めた日"), null=True, blank=True)

    class Meta:
        verbose_name = _("DX認定の準備")
        ordering = ["company", "number"]
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="part_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.get_number_display()}"

    @property
    def as_written(self) -> PartText:
        return PartText(
            number=Pillar(self.number),
            text=self.text,
            means=self.means,
            address=self.address,
            place=self.place,
            document_name=self.document_name,
            published_on=self.published_on,
            decided_by=self.decided_by,
            decided_on=self.decided_on,
        )


class Reached(models.TextChoices):
    """What a look at a page found."""

    OPEN = "open", _("開けました")
    MISSING = "missing", _("ページがありません")
    UNREACHABLE = "unreachable", _("開けませんでした")
    REFUSED = "refused", _("開きませんでした（公開のページではありません）")


class Look(models.Model):
    """One look at the page of a part, from outside the company."""

    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="looks")
    address = models.URLField(_("URL"), max_length=500)
    looked_at = models.DateTimeField(_("確かめた日時"), default=timezone.now)
    outcome = models.CharField(_("結果"), max_length=12, choices=Reached.choices)
    detail = models.CharField(_("くわしく"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("ページの確認")
        ordering = ["-looked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.looked_at:%Y-%m-%d} {self.get_outcome_display()}"
