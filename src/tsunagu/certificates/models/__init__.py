"""What the room keeps."""

from tsunagu.certificates.models.issued import Certificate, CertificateTemplate, IssueRun, Kind
from tsunagu.certificates.models.marks import (
    LinkCheck,
    MarkAcceptance,
    MarkKit,
    MarkKitFile,
    MarkTerms,
    MarkUse,
    MarkWithdrawal,
)

__all__ = [
    "Certificate",
    "CertificateTemplate",
    "IssueRun",
    "Kind",
    "LinkCheck",
    "MarkAcceptance",
    "MarkKit",
    "MarkKitFile",
    "MarkTerms",
    "MarkUse",
    "MarkWithdrawal",
]
