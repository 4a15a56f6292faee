"""Organisations: municipalities, companies, schools, banks and other bodies."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tsunagu.registry.kinds import OrganisationKind
from tsunagu.registry.models.imports import ImportBatch
from tsunagu.registry.models.places import LocalGovernment
from tsunagu.registry.models.versions import Versioned


class Organisation(Versioned):
    """A body known once in the whole system.

    The name is stored as typed; `name_folded` is a copy for searching only. `natural_key` is what a later import
    finds the organisation by: the 法人番号, or else the exact name with the prefecture.
    """

    name = models.CharField(_("名称"), max_length=200)
    name_folded = models.CharField(max_length=400, editable=False)
    kind = models.CharField(
        _("種類"), max_length=20, choices=OrganisationKind.choices, default=OrganisationKind.UNKNOWN
    )
    corporate_number = models.CharField(_("法人番号"), max_length=13, blank=True)
    prefecture = models.ForeignKey(
        LocalGovernment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("都道府県"),
        related_name="+",
        db_index=False,
    )
    website = models.URLField(_("ウェブサイト"), blank=True)
    source = models.TextField(_("出典"), blank=True)
    natural_key = models.CharField(max_length=230, editable=False)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        db_index=False,
    )
    merge_reason = models.TextField(_("統合の理由"), blank=True)
    import_batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        verbose_name = _("組織")
        ordering = ["name", "pk"]
        # Not db_index=True or unique=True: that would add second, LIKE-only indexes and slow imports for nothing.
        indexes = [
            models.Index(fields=["name_folded"], name="organisation_folded"),
            models.Index(fields=["prefecture"], name="organisation_prefecture"),
            models.Index(
                fields=["merged_into"],
                name="organisation_merged",
                condition=models.Q(merged_into__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["natural_key"], name="organisation_once"),
            models.CheckConstraint(
                name="corporate_number_thirteen_digits",
                condition=models.Q(corporate_number="") | models.Q(corporate_number__regex=r"^\d{13}$"),
            ),
            models.UniqueConstraint(
                fields=["corporate_number"],
                condition=~models.Q(corporate_number="") & models.Q(merged_into__isnull=True),
                name="corporate_number_once",
            ),
            models.CheckConstraint(
                name="organisation_not_merged_into_itself",
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("pk")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
