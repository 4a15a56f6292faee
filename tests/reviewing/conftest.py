"""A panel that is scoring now, reviewers, and cases to give them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tsunagu.accounts.services import invite_person
from tsunagu.registry.models import Lab, LocalGovernment, Organisation
from tsunagu.registry.services import save_organisation
from tsunagu.reviewing import readings
from tsunagu.reviewing.models import CriteriaSet, Panel, PanelMember, ReviewCase
from tsunagu.reviewing.services.panels import answer_invitation, invite, open_case, open_panel, profile_of

SCORES = dict.fromkeys(
    ("direction", "regionality", "transformation", "municipal_commitment", "diversity_unity"), (4, "")
)


@pytest.fixture
def panel(db: None) -> Panel:
    now = timezone.now()
    return open_panel(
        title="第4弾 審査会", criteria_set=CriteriaSet.objects.get(key="dx"), opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=7), discussion_until=now + timedelta(days=9),
    )  # fmt: skip


@pytest.fixture
def organisation(db: None) -> Callable[[str], Organisation]:
    def make(name: str) -> Organisation:
        return Organisation.objects.filter(name=name).first() or save_organisation(
            Organisation(name=name, kind="company")
        )

    return make


@pytest.fixture
def reviewer(panel: Panel) -> Callable[..., PanelMember]:
    """A member of the panel who has accepted."""

    def make(name: str, **facts: Any) -> PanelMember:
        person = invite_person(
            email=f"r-{name.encode().hex()[:40]}@example.invalid", name=name, role="reviewer"
        )
        profile = profile_of(person=person)
        for key, value in facts.items():
            if isinstance(value, list):
                getattr(profile, key).set(value)
            else:
                setattr(profile, key, value)
        profile.save()
        member = invite(panel=panel, profile=profile)
        return answer_invitation(member=member, accepts=True)

    return make


@pytest.fixture
def case(panel: Panel, monkeypatch: Any) -> Callable[..., ReviewCase]:
    """A case with a text to read."""
    text = [
        readings.Section("目指す姿", (readings.Paragraph("目指す姿", "本文の秘密", ("direction",), "p-1"),))
    ]
    monkeypatch.setitem(readings.READINGS, "test", lambda _case, _viewer: text)

    def make(number: str = "T-1", **facts: Any) -> ReviewCase:
        return open_case(
            panel=panel,
            subject=f"test:{number}",
            title=f"案件{number}",
            applicant="申請市",
            number=number,
            **facts,
        )

    return make


@pytest.fixture
def relations(
    reviewer: Callable[..., PanelMember],
    case: Callable[..., ReviewCase],
    organisation: Callable[[str], Organisation],
) -> Callable[[str], tuple[ReviewCase, PanelMember]]:
    """A case and a reviewer between whom exactly one of the five relations stands."""

    def make(relation: str) -> tuple[ReviewCase, PanelMember]:
        body, lab = organisation("構成員株式会社"), Lab.objects.order_by("pk")[3]
        place = LocalGovernment.objects.get(pk="410004")
        facts: dict[str, Any] = {
            "same_prefecture": ({"prefectures": [place]}, {"prefectures": ["410004"]}),
            "member_organisation": ({"affiliation": body}, {"member_organisations": [body]}),
            "past_mentor": ({"mentored_labs": [lab]}, {"lab": lab}),
            "former_employer": ({"former_employers": [body]}, {"member_organisations": [body]}),
            "vendor": ({"business_partners": [body]}, {"member_organisations": [body]}),
        }[relation]
        member = reviewer(f"{relation}さん", **facts[0])
        return case(f"C-{relation}", **facts[1]), member

    return make
