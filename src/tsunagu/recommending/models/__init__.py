"""What the room keeps."""

from tsunagu.recommending.models.companion import Look, Part, Reached
from tsunagu.recommending.models.lane import Answer, Company, Consent, Edition, Recommendation

__all__ = ["Answer", "Company", "Consent", "Edition", "Look", "Part", "Reached", "Recommendation"]
