"""Labs, their designations under the two schemes, their members, and what happened to them."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tsunagu.registry.fields import PartialDateField
from tsunagu.registry.kinds import Category, EventKind, MemberRole, Reason, Scheme
from tsunagu.registry.models.imports import ImportBatch
from tsunagu.registry.models.organisations import Organisation
from tsunagu.registry.models.places import Region
from tsunagu.registry.models.programme import Round, SelectionDates
from tsunagu.registry.models.versions import Versioned


class Lab(Versioned):
    """An association that carries its region's digital transformation.

    Not its municipality: one municipality may host several labs, if purpose and members differ (dossier §3).
    `slug` is its stable address; it stays when the lab ends.
    """

    history_silent = ("version", "updated_at")

    slug = models.SlugField(_("番号"), max_length=40, unique=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="labs", verbose_name=_("地域"))
    name = models.CharField(_("ラボの名称"), max_length=100, blank=True)
    name_en = models.CharField(_("ラボの名称（英語）"), max_length=100, blank=True)
    website = models.URLField(_("ウェブサイト"), blank=True)
    summary = models.TextField(_("紹介文"), blank=True)
    source = models.TextField(_("出典"), blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("ラボ")
        ordering = ["region__code", "slug"]

    def __str__(self) -> str:
        return self.name or self.region.name

    @property
    def label(self) -> str:
        """The lab's own name where known, else its region's."""
        if get_language() == "en":
            return self.name_en or self.region.label
        return self.name or self.region.name


class Designation(SelectionDates, Versioned):
    """A lab selected under a scheme, in a round where known (glossary: 選定 / 第N弾)."""

    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="designations")
    scheme = models.CharField(_("制度"), max_length=12, choices=Scheme.choices)
    round = models.ForeignKey(
        Round,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="designations",
        verbose_name=_("弾"),
    )
    category = models.CharField(_("選定時の類型"), max_length=10, choices=Category.choices, blank=True)
    succeeds = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="succeeded_by",
        verbose_name=_("移行前の選定"),
    )
    source = models.TextField(_("出典"), blank=True)
    import_batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, null=True, blank=True)
    import_row = models.PositiveIntegerField(_("取込元の行"), null=True, blank=True)

    class Meta:
        verbose_name = _("選定")
        ordering = ["lab", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["lab", "scheme"], name="lab_designated_once_per_scheme"),
            models.CheckConstraint(
                name="unresolved_scheme_has_no_round",
                condition=~models.Q(scheme=Scheme.UNRESOLVED) | models.Q(round__isnull=True),
            ),
            models.CheckConstraint(
                name="designation_not_its_own_successor",
                condition=models.Q(succeeds__isnull=True) | ~models.Q(succeeds=models.F("pk")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lab} {self.get_scheme_display()}"


class MemberOrg(Versioned):
    """An organisation takes part in a lab in a role, from one day to another (glossary: 構成員)."""

    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="members")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("組織")
    )
    role = models.CharField(_("役割"), max_length=20, choices=MemberRole.choices, default=MemberRole.MEMBER)
    valid_from = PartialDateField(_("参加した日"), null=True, blank=True)
    valid_to = PartialDateField(_("離れた日"), null=True, blank=True)
    source = models.TextField(_("出典"), blank=True)

    class Meta:
        verbose_name = _("構成員")
        ordering = ["lab", "role", "organisation__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["lab", "organisation", "role", "valid_from"],
                name="member_once_per_role_and_start",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}（{self.get_role_display()}）"

    def may_belong_on(self, day: date) -> bool:
        """Whether it is not known to have left before a day, or to join after it."""
        if self.valid_from and self.valid_from.earliest > day:
            return False
        return not (self.valid_to and self.valid_to.latest < day)


class StatusEvent(models.Model):
    """Something that happened to a designation on a day, with its reason. Never deleted: voided with a reason."""

    designation = models.ForeignKey(Designation, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("できごと"), max_length=12, choices=EventKind.choices)
    occurred_on = PartialDateField(_("日付"))
    reason = models.CharField(_("理由"), max_length=20, choices=Reason.choices)
    reason_text = models.TextField(_("理由の説明"), blank=True)
    source = models.TextField(_("出典"), blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    void_reason = models.TextField(_("取消の理由"), blank=True)

    class Meta:
        verbose_name = _("できごと")
        ordering = ["occurred_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="voided_event_says_why",
                condition=(models.Q(voided_at__isnull=True) & models.Q(void_reason=""))
                | (models.Q(voided_at__isnull=False) & ~models.Q(void_reason="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.occurred_on.iso}"
