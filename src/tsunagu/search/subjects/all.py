"""Every kind of record that can be found."""

from tsunagu.search.subjects.base import Subject
from tsunagu.search.subjects.case_library import Cases
from tsunagu.search.subjects.doings import Activities, Awards, Calls, Surveys
from tsunagu.search.subjects.pages import Pages
from tsunagu.search.subjects.people import Experts
from tsunagu.search.subjects.register import Labs, Organisations, Policies, Rounds

SUBJECTS: dict[str, Subject] = {
    one.kind: one
    for one in (
        Cases(),
        Labs(),
        Organisations(),
        Policies(),
        Experts(),
        Activities(),
        Calls(),
        Rounds(),
        Awards(),
        Surveys(),
        Pages(),
    )
}
