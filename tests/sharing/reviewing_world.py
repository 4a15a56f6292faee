"""Reviews and forms of the walk: what the secretariat alone has, and a reviewer's own that belong to somebody else."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

FOR_SECRETARIAT = {
    "reviewing:panel": "panel", "reviewing:edit_panel": "panel", "reviewing:invite": "panel", "reviewing:remind": "panel",
    "reviewing:conflicts": "panel", "reviewing:assign_file": "panel", "reviewing:assign_auto": "panel",
    "reviewing:slots": "panel", "reviewing:day": "panel", "reviewing:member_profile": "seat", "reviewing:dismiss": "conflict",
    "reviewing:explained": "panel", "reviewing:run_file": "run", "reviewing:limits": "seat", "reviewing:why": "case",
    "reviewing:case": "case", "reviewing:assign": "case", "reviewing:remark": "case", "reviewing:offer": "case",
    "reviewing:questions": "case", "reviewing:unassign": "assignment",
    "forms:draft": "form", "forms:export": "form", "forms:arrange": "form_piece", "forms:whole": "form",
    "forms:publish": "form", "forms:trial": "form", "forms:new_section": "form", "forms:section": "form_section",
    "forms:new_field": "form_new_field", "forms:field": "form_field", "forms:answer": "question", "forms:faq": "question",
    "forms:faq_back": "question", "forms:element": "element", "selection:open_review": "cutoff",
    "review:invitation": "seat_token", "transition:board_file": "kind",
}  # fmt: skip
# Labs of the IoT scheme only, in the same blocks: nobody who walks is their office.
IOT_LABS = {"own": "400009", "near": "401307", "far": "190004"}
ON_THE_WAY = {
    "transition:own": "iot", "transition:say": "iot", "transition:points": "iot", "transition:ask": "iot",
    "transition:entry": "iot", "transition:consultation": "consultation",
}  # fmt: skip
# Of a reviewer who is none of those who walk: for everybody here they do not exist.
SOMEBODY_ELSES = {
    "review:slots": "panel_of_others", "review:day": "panel_of_others", "review:call_case": "panel_of_others",
    "review:offline_sheet": "panel_of_others", "review:upload_sheet": "panel_of_others", "review:case": "assignment",
    "review:answer_conflict": "assignment", "review:autosave": "assignment", "review:abstain": "assignment",
    "review:remark": "assignment", "review:interview": "assignment", "applications:interview_ics": "sent", "transition:draft": "iot",
}  # fmt: skip
# A reviewer's page without a part in the address: nobody who walks sits on a panel.
NO_SEAT = {"review:profile"}
# There for the role, empty until somebody asks for a review; for anybody else it does not exist.
OF_A_ROLE = {"review:queue": "reviewer"}


def make_reviews(where: str) -> tuple[dict[str, Any], dict[str, tuple[str, Any]]]:
    """The keys of the addresses, and texts of reviews that only the secretariat may see."""
    from tsunagu.accounts.services import invite_person
    from tsunagu.engines.matching.reading import document
    from tsunagu.questionnaires.models import DataElement, FieldQuestion, Form, FormVersion
    from tsunagu.registry.models import Lab
    from tsunagu.reviewing.models import AssignmentRun, Conflict, CriteriaSet, How, Panel, Review
    from tsunagu.reviewing.services import explaining, proposing
    from tsunagu.reviewing.services.assigning import assign
    from tsunagu.reviewing.services.panels import answer_invitation, invite, open_case, open_panel, profile_of
    from tsunagu.transition.models import Consultation, Entry

    now = timezone.now()
    panel = Panel.objects.filter(subject="walk").first() or open_panel(
        title="歩く審査会", criteria_set=CriteriaSet.objects.get(key="dx"), opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1), subject="walk",
    )  # fmt: skip
    person = invite_person(email=f"judge-{where}@example.invalid", name=f"審査員{where}", role="reviewer")
    seat = answer_invitation(member=invite(panel=panel, profile=profile_of(person=person)), accepts=True)
    case = open_case(
        panel=panel, subject=f"walk:{where}", title=f"審査秘{where}", applicant="x", number=f"R-{where}"
    )
    assignment = assign(case=case, member=seat, how=How.HAND)
    Review.objects.filter(assignment=assignment).update(
        comment=f"講評秘{where}", inner_comment=f"内心秘{where}"
    )
    conflict = Conflict.objects.create(
        case=case, profile=seat.profile, relation="vendor", evidence=f"相反秘{where}"
    )
    problem = explaining.without_evidence(proposing.problem_of(panel)[0])
    run = AssignmentRun.objects.create(
        panel=panel, document=document(problem), answer=[[str(case.pk), str(seat.pk)]], digest="x"
    )
    form, _made = Form.objects.get_or_create(
        key="walkforms", defaults={"title": "歩く様式2", "purpose": "other"}
    )
    document = {"sections": [{"key": "one", "title": "章", "fields": [{"key": "text", "label": "文"}]}]}
    FormVersion.objects.get_or_create(form=form, number=1, defaults={"document": document})
    question, _made = FieldQuestion.objects.get_or_create(
        form=form, field="text", text=f"質問秘{where}", asked_by=person
    )
    iot = Lab.objects.get(slug=IOT_LABS[where])
    consultation = Consultation.objects.create(lab=iot, wanted=f"相談秘{where}", audience="parties")
    entry = Entry.objects.create(lab=iot, state="not", text=f"状況秘{where}", next_action=f"次秘{where}")
    element, _made = DataElement.objects.get_or_create(code="walk.element", defaults={"label": "x"})
    keys = {
        "panel": {"pk": panel.pk},
        "run": {"pk": panel.pk, "run": run.pk},
        "panel_of_others": {"panel": panel.pk},
        "seat": {"pk": seat.pk},
        "seat_token": {"token": seat.token},
        "case": {"pk": case.pk},
        "assignment": {"pk": assignment.pk},
        "conflict": {"pk": conflict.pk},
        "form": {"pk": form.pk},
        "form_piece": {"pk": form.pk},
        "form_section": {"pk": form.pk, "key": "one"},
        "form_new_field": {"pk": form.pk, "section": "one"},
        "form_field": {"pk": form.pk, "section": "one", "key": "text"},
        "question": {"pk": question.pk},
        "element": {"pk": element.pk},
        "iot": {"slug": iot.slug},
        "consultation": {"pk": consultation.pk},
    }

    def rewrite(found: Any, name: str) -> Any:
        return lambda text: found.update(**{name: text})

    def of(record: Any) -> Any:
        return type(record).objects.filter(pk=record.pk)

    reviews = Review.objects.filter(assignment=assignment)
    texts = {
        f"審査秘{where}": ("secretariat", rewrite(of(case), "title")),
        f"講評秘{where}": ("secretariat", rewrite(reviews, "comment")),
        f"内心秘{where}": ("secretariat", rewrite(reviews, "inner_comment")),
        f"相反秘{where}": ("secretariat", rewrite(of(conflict), "evidence")),
        f"質問秘{where}": ("secretariat", rewrite(of(question), "text")),
        f"相談秘{where}": ("staff", rewrite(of(consultation), "wanted")),
        f"状況秘{where}": ("staff", rewrite(of(entry), "text")),
        f"次秘{where}": ("staff", rewrite(of(entry), "next_action")),
    }
    return keys, texts
