"""From a stored certificate to its page."""

from django.urls import reverse
from django.utils import translation

from tsunagu.certificates.models import Certificate
from tsunagu.engines.dates import wareki
from tsunagu.engines.rendering.certificate import Sheet
from tsunagu.outbox.addresses import whole_address


def check_address(code: str) -> str:
    """The whole address of a certificate's public page, as its QR code says it."""
    with translation.override("ja"):
        path = reverse("certificates:check", args=[code])
    return whole_address(path)


def sheet_of(certificate: Certificate) -> Sheet:
    """What is printed: only what the certificate itself keeps, so that it can be printed again just so."""
    awarded = certificate.awarded_on or certificate.issued_on
    remark = ""
    if certificate.is_reissue:
        remark = f"{wareki(certificate.issued_on)} 再交付（第{certificate.edition}版）"
    return Sheet(
        title=certificate.title,
        number=certificate.number,
        holder=certificate.holder,
        holder_note=certificate.region if certificate.region != certificate.holder else "",
        text=certificate.text,
        dates=[wareki(awarded)],
        signatories=[line for line in certificate.signatories.splitlines() if line.strip()],
        address=certificate.address,
        beside_code=certificate.beside_code,
        remark=remark,
        issued_on=certificate.issued_on,
    )


def file_name(certificate: Certificate) -> str:
    """`地DX第4-012号_佐賀県.pdf`, with the edition of a reissue."""
    edition = f"_第{certificate.edition}版" if certificate.is_reissue else ""
    return f"{certificate.number}_{certificate.holder[:60]}{edition}.pdf".replace("/", "-")
