"""Files people hand in: is it what its name says, and is there nothing in it that could do harm?"""

from tsunagu.engines.uploads.names import safe_name
from tsunagu.engines.uploads.refusal import REASONS, UploadRefused
from tsunagu.engines.uploads.verdict import KINDS, Kind, examine_upload

__all__ = ["KINDS", "REASONS", "Kind", "UploadRefused", "examine_upload", "safe_name"]
