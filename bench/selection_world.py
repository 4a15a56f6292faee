"""Made-up applications for measuring: people, drafts filled in, sent ones with their states. Never part of the product."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

PLAN: dict[str, Any] = {
    "lab_name": "測定ラボ", "region": {"code": "452033", "name": "延岡市"}, "office": "延岡市商工観光部", "office_is_municipality": "yes",
    "contact_person": "測定太郎", "contact_email": "taro@example.invalid",
    "members": [
        {"organisation": {"name": "延岡市"}, "kind": "local_government", "role": "事務局"},
        {"organisation": {"name": "測定銀行"}, "kind": "bank", "role": ""},
    ],
    "unity": "毎月集まる。" * 20, "vision": "地域の会社が自分で変わる。\n" * 20, "issues": "人手が足りない。" * 30, "category": "both",
    "projects": "漁業の記録を電子にする。" * 30, "support": "窓口を週2回開く。" * 30, "transformation": "紙の台帳をやめる。" * 20,
    "schedule": [{"year": "2027", "plan": "窓口を開く"}],
    "indicators": [
        {"indicator": "支援した会社", "unit": "社", "baseline": "5", "baseline_year": "2026", "target1_year": "2027", "target1": "9",
         "target2_year": "", "target2": "", "target3_year": "", "target3": "", "source": "窓口の記録"}
    ],
    "commitment": "予算がある。" * 20, "self_sustaining": "会費で続ける。" * 20, "people": "商工会議所の経験者。" * 20,
    "is_transition": "no", "publish": "yes",
}  # fmt: skip


def make_call() -> Any:
    """A published call whose cut-off is in two hours."""
    from django.utils import timezone

    from tsunagu.questionnaires.models import Form
    from tsunagu.registry.models import Round
    from tsunagu.selection.models import Call, Cutoff

    now = timezone.now()
    form = Form.objects.get(key="implementation_plan")
    call, _made = Call.objects.get_or_create(
        key="bench", defaults={"title": "測定の公募", "summary": "測定", "form": form, "number_prefix": "B", "opens_at": now - timedelta(days=1),
                               "published_at": now - timedelta(days=1)},
    )  # fmt: skip
    its_round, _made = Round.objects.get_or_create(scheme="dx", number=9)
    Cutoff.objects.get_or_create(call=call, round=its_round, defaults={"closes_at": now + timedelta(hours=2)})
    return call


def make_drafts(count: int) -> Iterator[tuple[Any, Any]]:
    """(person, application) for each of so many people with a draft that has every answer."""
    from django.utils import timezone

    from tsunagu.accounts.selectors import viewer_for
    from tsunagu.accounts.services import welcome_person
    from tsunagu.questionnaires.services.writing import write_answers
    from tsunagu.selection.services.applying import start_application

    call = make_call()
    for number in range(count):
        person = welcome_person(email=f"bench-{number}@example.invalid", name=f"測定{number}")
        viewer = viewer_for(person, on=timezone.localdate())
        application = start_application(call=call, by=viewer)
        assert application.sheet is not None
        write_answers(sheet=application.sheet, by=viewer, values={**PLAN, "lab_name": f"測定ラボ{number}"})
        yield person, application
