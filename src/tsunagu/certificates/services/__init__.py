"""What people do: the rooms above issue certificates through these."""

from tsunagu.certificates.services.issuing import IssueRefused, issue, reissue, revoke

__all__ = ["IssueRefused", "issue", "reissue", "revoke"]
