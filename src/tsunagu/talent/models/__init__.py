"""Tables of the room: editions, who takes part, how they are paired, how a team is accompanied."""

from tsunagu.talent.models.accompanying import (
    Deliverable,
    Milestone,
    Mood,
    Outcome,
    Point,
    PointAnswer,
    Reached,
    WeeklyNote,
)
from tsunagu.talent.models.editions import Edition, OutcomeType, Skill, Step, Way
from tsunagu.talent.models.pairing import Answer, Interest, Run, Seat, Team, TeamState
from tsunagu.talent.models.taking_part import (
    Brief,
    BriefState,
    Company,
    Consent,
    Entry,
    EntryState,
    Kind,
    Mode,
    Talent,
)

__all__ = [
    "Answer", "Brief", "BriefState", "Company", "Consent", "Deliverable", "Edition", "Entry", "EntryState", "Interest", "Kind",
    "Milestone", "Mode", "Mood", "Outcome", "OutcomeType", "Point", "PointAnswer", "Reached", "Run", "Seat", "Skill", "Step",
    "Talent", "Team", "TeamState", "Way", "WeeklyNote",
]  # fmt: skip
