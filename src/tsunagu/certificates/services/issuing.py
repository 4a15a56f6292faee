"""Issuing certificates one by one: for a designation, again after a change of name, and taking one back."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.certificates import printing
from tsunagu.certificates.models import Certificate, CertificateTemplate, Kind
from tsunagu.certificates.models.issued import new_code
from tsunagu.certificates.rules import check_number_pattern, check_text, fill, make_number
from tsunagu.certificates.wording import template_of
from tsunagu.engines.rendering.certificate import certificate_pdf
from tsunagu.engines.rendering.typesetting import NotTypeset
from tsunagu.engines.textsearch.folding import fold
from tsunagu.files.models import StoredFile
from tsunagu.files.services import store_file
from tsunagu.registry.kinds import Scheme
from tsunagu.registry.models import Designation
from tsunagu.registry.services import check_version
from tsunagu.sharing.viewer import Viewer


class IssueRefused(ValueError):
    """No certificate can be issued so; the message says why, for the person who must act."""


@transaction.atomic
def save_template(
    template: CertificateTemplate, *, by: Viewer, seen: int | None = None
) -> CertificateTemplate:
    """Store the wording of a scheme's certificates. Raises `PlaceholderRefused`, `EditConflict`."""
    check_text(template.text)
    check_number_pattern(template.number_pattern)
    check_version(template, seen)
    template.save()
    return template


@transaction.atomic
def issue(
    *,
    designation: Designation,
    issued_on: date,
    by: Viewer,
    awarded_on: date | None = None,
    kind: Kind = Kind.DESIGNATION,
) -> Certificate:
    """Issue and print the certificate of a designation. Raises `IssueRefused`, `files.services.FileNotTaken`."""
    if designation.scheme == Scheme.UNRESOLVED:
        raise IssueRefused(_("制度が未確認の選定です。先に制度を確かめて、選定の記録を直してください。"))
    lock_numbers(kind, designation.scheme, designation.round_id)
    known = in_force(designation, kind)
    if known is not None:
        raise IssueRefused(already_in_force(known))
    serial = next_serial(kind, designation.scheme, designation.round_id)
    certificate = worded(designation, template_of(designation.scheme, kind), serial=serial)
    if Certificate.objects.filter(number=certificate.number).exists():
        raise IssueRefused(number_taken(certificate.number))
    certificate.issued_by_label = by.display_name[:100]
    dated(certificate, issued_on=issued_on, awarded_on=awarded_on).save()
    return print_and_store(certificate)


def already_in_force(known: Certificate) -> str:
    """Why a designation gets no second certificate, for the person who asked."""
    return _(
        "有効な選定証（%(number)s）があります。名称が変わったときは「再交付」、誤りなら「取り消し」を使ってください。"
    ) % {"number": known.number}


def number_taken(number: str) -> str:
    """Why a number cannot be given, for the person who set the pattern."""
    return _("番号「%(number)s」はすでに使われています。文面の「文書番号の形」を直してください。") % {
        "number": number
    }


def dated(certificate: Certificate, *, issued_on: date, awarded_on: date | None) -> Certificate:
    """The certificate with its days: of award the one given, else the designation's or its round's, if known to the day."""
    assert certificate.designation is not None
    certificate.issued_on = issued_on
    certificate.awarded_on = awarded_on or _award_day(certificate.designation)
    return certificate


def in_force(designation: Designation, kind: str = Kind.DESIGNATION) -> Certificate | None:
    """The certificate of a designation that counts now."""
    return Certificate.objects.filter(
        designation=designation, kind=kind, superseded_by=None, revoked_on=None
    ).first()


def lock_numbers(kind: str, scheme: str, round_id: int | None) -> None:
    """One at a time gives numbers of a round, to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s))", [f"certificates {kind} {scheme} {round_id}"]
        )


def next_serial(kind: str, scheme: str, round_id: int | None) -> int:
    """One more than the last ever given: certificates are never deleted, so no number comes twice."""
    of_round = Q(round__isnull=True) if round_id is None else Q(round_id=round_id)
    given = Certificate.objects.filter(of_round, kind=kind, scheme=scheme)
    return (given.aggregate(last=Max("serial"))["last"] or 0) + 1


def worded(
    designation: Designation, template: CertificateTemplate, *, serial: int, number: str = ""
) -> Certificate:
    """A certificate (not stored) with the template's words filled in; `number` where it already has one."""
    lab = designation.lab
    round_number = designation.round.number if designation.round else None
    number = number or make_number(template.number_pattern, round_number=round_number, serial=serial)
    holder = lab.name or lab.region.name
    code = new_code()
    values = {
        "name": holder,
        "region": lab.region.name,
        "scheme": str(designation.get_scheme_display()),
        "round": str(round_number or ""),
        "number": number,
    }
    return Certificate(
        kind=template.kind,
        designation=designation,
        round=designation.round,
        scheme=designation.scheme,
        serial=serial,
        number=number,
        number_folded=fold(number),
        code=code,
        title=template.title,
        holder=holder,
        region=lab.region.name,
        text=fill(template.text, values),
        signatories=template.signatories,
        beside_code=template.beside_code,
        address=printing.check_address(code),
    )


def _award_day(designation: Designation) -> date | None:
    its_round = designation.round
    known = designation.certificate_awarded_on or (its_round.certificate_awarded_on if its_round else None)
    return known.earliest if known is not None and known.earliest == known.latest else None


def print_and_store(certificate: Certificate) -> Certificate:
    """Set the page and store it. Raises `IssueRefused` when it does not fit one page."""
    certificate.stored_file = stored_page(certificate)
    certificate.save(update_fields=["stored_file"])
    return certificate


def stored_page(certificate: Certificate) -> StoredFile:
    """The certificate's PDF in the files room."""
    try:
        data = certificate_pdf(printing.sheet_of(certificate))
    except NotTypeset as error:
        raise IssueRefused(
            _("%(holder)s: 1ページに収まりません。文面か名称を短くしてください。")
            % {"holder": certificate.holder}
        ) from error
    upload = SimpleUploadedFile(printing.file_name(certificate), data, "application/pdf")
    return store_file(upload=upload, by_label=certificate.issued_by_label)


@transaction.atomic
def reissue(*, certificate: Certificate, by: Viewer, on: date | None = None) -> Certificate:
    """Print a certificate again under the lab's present name: same number, next edition; the old one gives way.

    Raises `IssueRefused` when another edition or a revocation came first.
    """
    old = Certificate.objects.select_for_update(of=("self",)).select_related(
        "designation__lab__region", "designation__round"
    ).get(pk=certificate.pk)  # fmt: skip
    if old.superseded_by_id or old.revoked_on or old.designation is None:
        raise IssueRefused(
            _("この選定証はすでに再交付されたか、取り消されています。一覧を見直してください。")
        )
    # The present pattern may make another number of the same serial: the one on paper stays.
    if old.kind == Kind.AWARD:
        new = _same_words(old)
    else:
        template = template_of(old.scheme, old.kind)
        new = worded(old.designation, template, serial=old.serial, number=old.number)
    new.edition = old.edition + 1
    new.issued_on = on or timezone.localdate()
    new.awarded_on = old.awarded_on or old.issued_on
    new.round_id = old.round_id  # As on paper, even where the record was corrected since.
    new.issued_by_label = by.display_name[:100]
    _give_way(old, new)
    return print_and_store(new)


def _same_words(old: Certificate) -> Certificate:
    """An award's certificate (not stored) as it was, under the lab's present name."""
    assert old.designation is not None
    code = new_code()
    kept = {
        name: getattr(old, name)
        for name in ("kind", "designation", "scheme", "serial", "number", "number_folded", "title", "text", "signatories",
                     "beside_code")
    }  # fmt: skip
    lab = old.designation.lab
    return Certificate(
        **kept, holder=lab.name or lab.region.name, region=lab.region.name, code=code,
        address=printing.check_address(code),
    )  # fmt: skip


def _give_way(old: Certificate, new: Certificate) -> None:
    """Two are never in force at once: the old one points ahead in the same moment the new one appears."""
    # The foreign key is checked at the end of the transaction (Django makes them so on PostgreSQL).
    new.pk = _next_key()
    Certificate.objects.filter(pk=old.pk).update(superseded_by_id=new.pk)
    new.save(force_insert=True)
    old.superseded_by = new


def _next_key() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('certificates_certificate', 'id'))")
        return int(cursor.fetchone()[0])


@transaction.atomic
def revoke(*, certificate: Certificate, reason: str, by: Viewer, on: date | None = None) -> None:
    """Take a certificate back; its page says so from now on. Raises `IssueRefused`."""
    changed = Certificate.objects.filter(pk=certificate.pk, superseded_by=None, revoked_on=None).update(
        revoked_on=on or timezone.localdate(), revoke_reason=reason
    )
    if not changed:
        raise IssueRefused(
            _("この選定証はすでに再交付されたか、取り消されています。一覧を見直してください。")
        )
