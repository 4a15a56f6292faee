"""Certificates of awards (表彰状): numbered by fiscal year, checked by the same QR code."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from tsunagu.certificates import printing
from tsunagu.certificates.models import Certificate, Kind
from tsunagu.certificates.models.issued import new_code
from tsunagu.certificates.services.issuing import lock_numbers, next_serial, print_and_store
from tsunagu.certificates.wording import template_of
from tsunagu.engines.textsearch.folding import fold
from tsunagu.registry.models import Designation
from tsunagu.sharing.viewer import Viewer

TEXT = "貴ラボの取組「{work}」は、{award}において特に優れたものと認められたので、{prize}を贈り、これを表彰します。"


@transaction.atomic
def issue_award(
    *, designation: Designation, award: str, prize: str, work: str, year: int, issued_on: date, by: Viewer
) -> Certificate:
    """Issue and print the certificate of a prize. Raises `issuing.IssueRefused` when it does not fit its page."""
    lock_numbers(Kind.AWARD, designation.scheme, None)
    serial = next_serial(Kind.AWARD, designation.scheme, None)
    template = template_of(designation.scheme)
    code, lab = new_code(), designation.lab
    number = f"地DX表彰{year}-{serial:03}号"
    certificate = Certificate(
        kind=Kind.AWARD, designation=designation, round=None, scheme=designation.scheme, serial=serial, number=number,
        number_folded=fold(number), code=code, title="表彰状", holder=lab.name or lab.region.name, region=lab.region.name,
        text=TEXT.format(work=work, award=award, prize=prize), signatories=template.signatories,
        beside_code="この表彰状がいま有効か、左のコードか次のページで確かめられます。", address=printing.check_address(code),
        issued_on=issued_on, awarded_on=issued_on, issued_by_label=by.display_name[:100], created_at=timezone.now(),
    )  # fmt: skip
    certificate.save()
    return print_and_store(certificate)
