"""A published call with one cut-off, and answers that fill in the shipped implementation plan."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tsunagu.questionnaires.models import Form
from tsunagu.registry.models import Round
from tsunagu.selection.models import Call, Cutoff
from tsunagu.sharing.viewer import Viewer

ANSWERS: dict[str, Any] = {
    "lab_name": "延岡𠮷髙DX推進ラボ",
    "region": {"code": "452033", "name": "延岡市"},
    "office": "延岡市商工観光部",
    "office_is_municipality": "yes",
    "contact_person": "延岡太郎",
    "contact_email": "taro@example.invalid",
    "members": [
        {"organisation": {"name": "延岡市"}, "kind": "local_government", "role": "事務局"},
        {"organisation": {"name": "延岡架空銀行"}, "kind": "bank", "role": ""},
    ],
    "unity": "毎月集まる。",
    "vision": "地域の会社が自分で変わる。\n暮らしもよくなる。",
    "issues": "人手が足りない。",
    "category": "both",
    "projects": "漁業の記録を電子にする。",
    "support": "窓口を週2回開く。",
    "transformation": "紙の台帳をやめる。",
    "schedule": [{"year": "2027", "plan": "窓口を開く"}],
    "indicators": [
        {
            "indicator": "支援した会社", "unit": "社", "baseline": "5", "baseline_year": "2026",
            "target1_year": "2027", "target1": "9", "target2_year": "", "target2": "", "target3_year": "",
            "target3": "", "source": "窓口の記録",
        }
    ],
    "commitment": "予算がある。",
    "self_sustaining": "会費で続ける。",
    "people": "商工会議所の経験者。",
    "is_transition": "no",
    "publish": "yes",
}  # fmt: skip


@pytest.fixture
def call(db: None) -> Call:
    """通年の公募 with a cut-off in ten days, leading to 第4弾."""
    made = Call.objects.create(
        key="dx-4", title="地域DX推進ラボ 第4弾の公募", summary="第4弾の公募です。", form=Form.objects.get(key="implementation_plan"),
        number_prefix="DX4", opens_at=timezone.now() - timedelta(days=1), published_at=timezone.now() - timedelta(days=1),
        eligibility=["自治体が参加している"], reminder_days=[10, 5, 1],
    )  # fmt: skip
    its_round, _made = Round.objects.get_or_create(scheme="dx", number=4)
    Cutoff.objects.create(call=made, round=its_round, closes_at=timezone.now() + timedelta(days=10))
    return made


@pytest.fixture
def secretary(viewer_of: Callable[..., Viewer]) -> Viewer:
    return viewer_of("ipa")


@pytest.fixture
def applicant(db: None) -> Viewer:
    """Somebody without any role, who has registered to apply."""
    from tsunagu.accounts.selectors import viewer_for
    from tsunagu.accounts.services import welcome_person

    person = welcome_person(email="applicant@example.invalid", name="申請 花子")
    return viewer_for(person, on=timezone.localdate())


@pytest.fixture
def started(call: Call, applicant: Viewer) -> Any:
    """A draft with every answer in it."""
    from tsunagu.questionnaires.services.writing import write_answers
    from tsunagu.selection.services.applying import start_application

    made = start_application(call=call, by=applicant)
    assert made.sheet is not None
    write_answers(sheet=made.sheet, by=applicant, values=ANSWERS)
    return made


@pytest.fixture
def submitted(started: Any, applicant: Viewer) -> Any:
    """An application that was sent."""
    from tsunagu.selection.services.applying import submit_application

    submit_application(application=started, by=applicant, received_at=timezone.now())
    started.refresh_from_db()
    return started
