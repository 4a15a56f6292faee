"""Places: the nine bureaus, the national list of local governments, and the regions labs are selected for."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tsunagu.registry.kinds import LocalGovernmentKind, RegionKind


class NamedInTwoLanguages(models.Model):
    """Something with a Japanese name and an English one; `label` follows the page's language."""

    name = models.CharField(_("名称"), max_length=100)
    name_en = models.CharField(_("英語名"), max_length=100, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name


class Bureau(NamedInTwoLanguages):
    """A regional bureau of METI; Okinawa's is the 沖縄総合事務局 of the Cabinet Office (glossary: 経済産業局)."""

    code = models.SlugField(_("コード"), max_length=20, unique=True)
    short_name = models.CharField(_("略称"), max_length=10, unique=True)
    position = models.PositiveSmallIntegerField(_("並び順"), unique=True)

    class Meta:
        verbose_name = _("経済産業局")
        ordering = ["position"]


class LocalGovernment(NamedInTwoLanguages):
    """A prefecture, municipality or ward, known by its 全国地方公共団体コード (six digits as text)."""

    lg_code = models.CharField(_("全国地方公共団体コード"), max_length=6, primary_key=True)
    prefecture = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    parent_city = models.CharField(_("政令指定都市"), max_length=20, blank=True)
    kana = models.CharField(_("よみ"), max_length=100)
    kind = models.CharField(_("種類"), max_length=20, choices=LocalGovernmentKind.choices)
    lat = models.FloatField(_("緯度"))
    lon = models.FloatField(_("経度"))
    bureau = models.ForeignKey(Bureau, on_delete=models.PROTECT)

    class Meta:
        verbose_name = _("地方公共団体")
        ordering = ["lg_code"]
        constraints = [
            models.CheckConstraint(name="lg_code_six_digits", condition=models.Q(lg_code__regex=r"^\d{6}$"))
        ]


class Region(NamedInTwoLanguages):
    """What a lab is selected for: one identity across both schemes.

    Its code is the 全国地方公共団体コード, or for a group of municipalities one of our own starting with `g-`.
    """

    code = models.CharField(_("地域コード"), max_length=30, unique=True)
    kind = models.CharField(_("種類"), max_length=20, choices=RegionKind.choices)
    name_folded = models.CharField(max_length=100, editable=False)
    local_government = models.OneToOneField(LocalGovernment, on_delete=models.PROTECT, null=True, blank=True)
    prefecture = models.ForeignKey(
        LocalGovernment, on_delete=models.PROTECT, related_name="+", verbose_name=_("都道府県")
    )
    bureau = models.ForeignKey(Bureau, on_delete=models.PROTECT, verbose_name=_("経済産業局"))
    members = models.ManyToManyField(
        LocalGovernment, related_name="group_regions", blank=True, verbose_name=_("構成市区町村")
    )
    source = models.TextField(_("出典"), blank=True)

    class Meta:
        verbose_name = _("地域")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="region_group_has_no_code",
                condition=(
                    models.Q(kind=RegionKind.GROUP, local_government__isnull=True, code__startswith="g-")
                    | (
                        ~models.Q(kind=RegionKind.GROUP)
                        & models.Q(local_government__isnull=False)
                        & models.Q(code=models.F("local_government"))
                    )
                ),
            ),
            models.UniqueConstraint(fields=["name", "prefecture", "kind"], name="region_named_once"),
        ]
