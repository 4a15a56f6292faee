"""The tables of reviewing."""

from tsunagu.reviewing.models.meetings import CommitteeDay, Interview, InterviewNote, InterviewQuestion, Slot
from tsunagu.reviewing.models.panels import (
    CriteriaSet,
    MemberState,
    Panel,
    PanelMember,
    ReviewCase,
    ReviewCriterion,
    ReviewerProfile,
)
from tsunagu.reviewing.models.reviews import (
    Assignment,
    AssignmentRun,
    Conflict,
    Declaration,
    How,
    Level,
    Remark,
    Review,
    ReviewState,
    Score,
)

__all__ = [
    "Assignment",
    "AssignmentRun",
    "CommitteeDay",
    "Conflict",
    "CriteriaSet",
    "Declaration",
    "How",
    "Interview",
    "InterviewNote",
    "InterviewQuestion",
    "Level",
    "MemberState",
    "Panel",
    "PanelMember",
    "Remark",
    "Review",
    "ReviewCase",
    "ReviewCriterion",
    "ReviewState",
    "ReviewerProfile",
    "Score",
    "Slot",
]
