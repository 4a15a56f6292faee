"""Certificates as they were printed: what stands on paper in somebody's hands is never changed or deleted."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tsunagu.certificates.rules import CODE_LENGTH, CODE_LETTERS, State
from tsunagu.files.models import StoredFile
from tsunagu.registry.models import Designation, Round
from tsunagu.registry.models.programme import RUN_SCHEMES
from tsunagu.registry.models.versions import Versioned


class Kind(models.TextChoices):
    """What a certificate says of its holder."""

    DESIGNATION = "designation", _("選定証")
    AWARD = "award", _("表彰状")


class CertificateTemplate(Versioned):
    """The wording of a scheme's certificates, with places to fill in (`rules.TEXT_PLACES`, `rules.NUMBER_PLACES`)."""

    kind = models.CharField(_("種類"), max_length=12, choices=Kind.choices)
    scheme = models.CharField(_("制度"), max_length=12, choices=RUN_SCHEMES)
    title = models.CharField(_("題"), max_length=20)
    text = models.TextField(_("本文"))
    number_pattern = models.CharField(_("文書番号の形"), max_length=60)
    signatories = models.TextField(_("授与する人"))
    beside_code = models.CharField(_("QRコードの横の文"), max_length=120)

    class Meta:
        verbose_name = _("選定証の文面")
        constraints = [models.UniqueConstraint(fields=["kind", "scheme"], name="one_certificate_template")]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.get_kind_display()}"


class IssueRun(models.Model):
    """Certificates of one round issued together. How far it is follows from the certificates themselves."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+", verbose_name=_("弾"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    started_by_label = models.CharField(_("発行した人"), max_length=100)
    started_at = models.DateTimeField(_("始めた時刻"), auto_now_add=True)
    finished_at = models.DateTimeField(_("終わった時刻"), null=True, blank=True)
    problem = models.TextField(_("止まった理由"), blank=True)
    # All of them in one file, for the printer.
    together = models.OneToOneField(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("まとめての発行")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.round} {self.pk}"


def new_code() -> str:
    """The name of a certificate's public page: nobody finds another one by trying."""
    return "".join(secrets.choice(CODE_LETTERS) for _place in range(CODE_LENGTH))


class Certificate(models.Model):
    """One printed certificate. A reissue is another row with the same number and the next edition.

    The database refuses to delete one or to change what is printed on it (migration 0001): its number is never free
    again, and a paper can always be compared with what was issued.
    """

    kind = models.CharField(_("種類"), max_length=12, choices=Kind.choices, default=Kind.DESIGNATION)
    designation = models.ForeignKey(
        Designation, on_delete=models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("弾")
    )
    serial = models.PositiveIntegerField(_("通し番号"))
    number = models.CharField(_("文書番号"), max_length=80)
    number_folded = models.CharField(max_length=80, db_index=True)
    edition = models.PositiveSmallIntegerField(_("版"), default=1)
    code = models.CharField(_("確認用の符号"), max_length=32, unique=True, default=new_code)

    title = models.CharField(_("題"), max_length=20)
    scheme = models.CharField(_("制度"), max_length=12, choices=RUN_SCHEMES)
    holder = models.CharField(_("印刷した名称"), max_length=200)
    region = models.CharField(_("印刷した地域"), max_length=200, blank=True)
    text = models.TextField(_("印刷した本文"))
    signatories = models.TextField(_("印刷した授与する人"))
    beside_code = models.CharField(_("QRコードの横の文"), max_length=120)
    # Printed at issue; where the site moves, the old address has to lead on.
    address = models.CharField(_("QRコードの行き先"), max_length=300)
    issued_on = models.DateField(_("発行日"))
    awarded_on = models.DateField(_("授与日"), null=True, blank=True)

    stored_file = models.OneToOneField(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    run = models.ForeignKey(
        IssueRun, on_delete=models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    superseded_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )
    revoked_on = models.DateField(_("取り消した日"), null=True, blank=True)
    revoke_reason = models.TextField(_("取り消した理由"), blank=True)
    issued_by_label = models.CharField(_("発行した人"), max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("選定証")
        ordering = ["-issued_on", "scheme", "-round__number", "serial", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["number", "edition"], name="certificate_number_once"),
            models.UniqueConstraint(
                fields=["kind", "scheme", "round", "serial", "edition"],
                name="certificate_serial_once",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["designation", "kind"],
                name="one_certificate_in_force",
                condition=Q(superseded_by__isnull=True, revoked_on__isnull=True, kind="designation"),
            ),
            models.CheckConstraint(
                name="revoked_certificate_says_why",
                condition=Q(revoked_on__isnull=True, revoke_reason="")
                | (Q(revoked_on__isnull=False) & ~Q(revoke_reason="")),
            ),
            models.CheckConstraint(
                name="certificate_does_not_supersede_itself",
                condition=Q(superseded_by__isnull=True) | ~Q(superseded_by=F("pk")),
            ),
            models.CheckConstraint(
                name="designation_certificate_has_one",
                condition=~Q(kind="designation") | Q(designation__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.holder}"

    @property
    def state(self) -> State:
        """Whether this paper is the one that counts; what became of the designation is another matter."""
        if self.revoked_on is not None:
            return State.REVOKED
        return State.SUPERSEDED if self.superseded_by_id else State.VALID

    @property
    def is_reissue(self) -> bool:
        return self.edition > 1
