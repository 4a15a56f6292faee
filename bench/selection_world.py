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


def make_reviewed(count: int = 2000, reviews: int = 3, reviewers: int = 60) -> tuple[Any, Any]:
    """(a call's cut-off, its panel) with so many applications in review, each with so many handed-in reviews."""
    import random
    import uuid

    from django.utils import timezone

    from tsunagu.accounts.services import invite_person, welcome_person
    from tsunagu.questionnaires.models import Answer, Sheet, Snapshot
    from tsunagu.questionnaires.services.forms import current_version
    from tsunagu.registry.models import LocalGovernment
    from tsunagu.reviewing.models import Assignment, Review, ReviewCase, Score
    from tsunagu.reviewing.services.panels import answer_invitation, invite, profile_of
    from tsunagu.selection.models import Application, Entry, Submission
    from tsunagu.selection.reviews import open_review
    from tsunagu.selection.services.timeline import database_now

    call = make_call()
    cutoff = call.cutoffs.first()
    version = current_version(call.form)
    owner = welcome_person(email="bench-owner@example.invalid", name="測定の申請者")
    dice, now = random.Random(7), timezone.now()
    places = list(
        LocalGovernment.objects.exclude(prefecture=None).select_related("bureau").order_by("pk")[:count]
    )
    sheets = Sheet.objects.bulk_create(
        [
            Sheet(
                key=uuid.uuid4(), form_version=version, subject=f"bench:{number}", owner=owner, is_locked=True
            )
            for number in range(count)
        ]
    )
    snapshots = Snapshot.objects.bulk_create(
        [
            Snapshot(
                sheet=one,
                number=1,
                kind="submitted",
                form_version=version,
                answers=PLAN,
                digest="x",
                taken_by=owner,
            )
            for one in sheets
        ]
    )
    applications = Application.objects.bulk_create(
        [
            Application(
                call=call, cutoff=cutoff, sheet=sheets[number], owner=owner, state="in_review", title=f"測定ラボ{number}",
                applicant=f"測定市{number}", region_name=places[number % len(places)].name, number=f"M-{number:05d}",
                prefecture_id=places[number % len(places)].prefecture_id, bureau=places[number % len(places)].bureau, category="both",
                search_key=f"m{number:05d}測定らぼ{number}測定市{number}{places[number % len(places)].name}", submitted_at=now - timedelta(minutes=number),
            )
            for number in range(count)
        ]
    )  # fmt: skip
    Answer.objects.bulk_create([Answer(sheet=one, field="vision", value=PLAN["vision"]) for one in sheets])
    Submission.objects.bulk_create(
        [
            Submission(
                application=one,
                number=1,
                snapshot=snapshots[number],
                received_at=database_now(),
                sent_by=owner,
            )
            for number, one in enumerate(applications)
        ]
    )
    Entry.objects.bulk_create(
        [Entry(application=one, at=now, words="提出しました（1回目）。") for one in applications]
    )
    panel = open_review(cutoff=cutoff, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=9))
    members = []
    for number in range(reviewers):
        person = invite_person(
            email=f"bench-judge-{number}@example.invalid", name=f"測定審査員{number}", role="reviewer"
        )
        members.append(
            answer_invitation(member=invite(panel=panel, profile=profile_of(person=person)), accepts=True)
        )
    cases = ReviewCase.objects.bulk_create(
        [
            ReviewCase(
                panel=panel,
                subject=f"application:{one.pk}",
                number=one.number,
                title=one.title,
                applicant=one.applicant,
            )
            for one in applications
        ]
    )
    assignments = Assignment.objects.bulk_create(
        [
            Assignment(case=case, member=member, how="auto")
            for case in cases
            for member in dice.sample(members, reviews)
        ]
    )
    made = Review.objects.bulk_create(
        [
            Review(
                assignment=one,
                state="submitted",
                total=round(dice.uniform(1, 5), 2),
                comment="よい計画です。",
                submitted_at=now,
            )
            for one in assignments
        ]
    )
    codes = [one.code for one in panel.criteria_set.criteria.all() if one.is_scored]
    Score.objects.bulk_create(
        [Score(review=one, criterion=code, value=dice.randint(1, 5)) for one in made for code in codes],
        batch_size=5000,
    )
    return cutoff, panel
