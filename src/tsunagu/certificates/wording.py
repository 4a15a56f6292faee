"""The wording certificates begin with, until the secretariat writes its own."""

from tsunagu.certificates.models import CertificateTemplate, Kind
from tsunagu.registry.kinds import Scheme

_TEXT = (
    "貴ラボの取組は、地域の課題の解決と地域経済の発展に資するものと認められるので、"
    "ここに{{ scheme }}（第{{ round }}弾）として選定し、これを証します。"
)
_BESIDE = "この選定証がいま有効か、左のコードか次のページで確かめられます。"
_PREFIX = {Scheme.DX: "地DX", Scheme.IOT: "地IoT"}


def template_of(scheme: str, kind: str = Kind.DESIGNATION) -> CertificateTemplate:
    """The stored wording of a scheme's certificates, or the one it begins with (not stored yet)."""
    known = CertificateTemplate.objects.filter(kind=kind, scheme=scheme).first()
    return known or CertificateTemplate(
        kind=kind,
        scheme=scheme,
        title="選定証",
        text=_TEXT,
        number_pattern=f"{_PREFIX[Scheme(scheme)]}第{{{{ round }}}}-{{{{ serial }}}}号",
        signatories="経済産業省\n独立行政法人情報処理推進機構",
        beside_code=_BESIDE,
    )
