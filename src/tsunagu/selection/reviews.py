"""Where selection meets reviewing: applications go before a panel, reviewers read them, what came out comes back."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.engines.rendering.documents import Block, Heading, Paragraph, Table
from tsunagu.questionnaires.comparing import differences
from tsunagu.questionnaires.models import Snapshot
from tsunagu.questionnaires.paragraphs import paragraphs
from tsunagu.reviewing import readings
from tsunagu.reviewing import selectors as reviewing
from tsunagu.reviewing.models import CriteriaSet, Panel, ReviewCase
from tsunagu.reviewing.services.meeting import possible_slots
from tsunagu.reviewing.services.panels import close_case, open_case, open_panel
from tsunagu.selection.models import Application, Cutoff
from tsunagu.selection.papers import moment_words
from tsunagu.selection.plan import read_plan
from tsunagu.selection.rules import NotAllowed, State
from tsunagu.selection.services.designating import organisation_for
from tsunagu.selection.services.timeline import locked, move, note
from tsunagu.sharing.viewer import Viewer

KIND = "application"


def subject_of(application: Application) -> str:
    return f"{KIND}:{application.pk}"


def panel_of(cutoff: Cutoff) -> Panel | None:
    """The panel of a cut-off, once its review was opened."""
    return Panel.objects.filter(subject=f"cutoff:{cutoff.pk}").first()


def case_of(application: Application) -> ReviewCase | None:
    """The case of an application before its panel."""
    found = ReviewCase.objects.filter(subject=subject_of(application)).select_related(
        "panel__criteria_set", "interview__slot"
    )
    return found.order_by("-pk").first()


@transaction.atomic
def open_review(*, cutoff: Cutoff, opens_at: datetime, closes_at: datetime) -> Panel:
    """Open the review of a cut-off. Raises `NotAllowed` when the call's criteria are not known."""
    criteria = CriteriaSet.objects.filter(key=cutoff.call.criteria_set).order_by("-number").first()
    if criteria is None:
        raise NotAllowed(_("公募に書かれた審査の視点の組がありません。"))
    return open_panel(
        title=_("%(cutoff)s 審査会") % {"cutoff": cutoff}, criteria_set=criteria, opens_at=opens_at, closes_at=closes_at,
        subject=f"cutoff:{cutoff.pk}",
    )  # fmt: skip


@transaction.atomic
def send_to_review(*, cutoff: Cutoff) -> int:
    """Put every accepted application of a cut-off before its panel; returns how many. Raises `NotAllowed`."""
    panel = panel_of(cutoff)
    if panel is None:
        raise NotAllowed(_("先に審査会を開いてください。"))
    sent = 0
    for one in Application.objects.filter(cutoff=cutoff, state=State.ACCEPTED).order_by("number"):
        application = locked(one)
        bring_before(panel, application)
        move(application, State.IN_REVIEW)
        note(application, _("書類審査を始めました。"), by_label=_("制度の事務局"))
        sent += 1
    return sent


def bring_before(panel: Panel, application: Application) -> ReviewCase:
    """The application as a case, or its case brought up to date: members named in the plan count for conflicts."""
    snapshot = latest(application)
    plan = read_plan(snapshot.definition, snapshot.answers) if snapshot else None
    source = _("申請 %(number)s") % {"number": application.number}
    members = [organisation_for(one, source=source) for one in plan.members] if plan else []
    return open_case(
        panel=panel,
        subject=subject_of(application),
        title=application.title,
        applicant=application.applicant,
        number=application.number,
        lab=application.lab,
        prefectures=[application.prefecture_id] if application.prefecture_id else [],
        member_organisations=members,
        address=f"/office/selection/a/{application.key}/",
    )


def latest(application: Application) -> Snapshot | None:
    """The answers as they were sent last."""
    submission = application.submissions.select_related("snapshot__form_version").order_by("-number").first()
    return submission.snapshot if submission else None


def read_application(case: ReviewCase, viewer: Viewer) -> list[readings.Section]:
    """The text of an application for its reviewers, paragraph by paragraph, with what a correction changed."""
    number = int(case.subject.partition(":")[2])
    found = list(
        Application.objects.get(pk=number)
        .submissions.select_related("snapshot__form_version")
        .order_by("-number")[:2]
    )
    if not found:
        return []
    snapshot = found[0].snapshot
    changed = {}
    if len(found) > 1:
        changed = {
            one.field.key: one.before
            for one in differences(snapshot.definition, found[1].snapshot.answers, snapshot.answers)
        }
    by_section: dict[str, list[readings.Paragraph]] = {}
    for one in paragraphs(snapshot.definition, snapshot.answers, snapshot.tags):
        if one.field.confidential:
            continue
        section = snapshot.definition.section_of(one.field.key)
        by_section.setdefault(section.title if section else "", []).append(
            readings.Paragraph(
                label=one.field.label if one.number == 1 else f"{one.field.label}（{one.number}）",
                text=one.text,
                criteria=one.criteria,
                anchor=f"p-{one.field.key}-{one.number}",
                changed=one.field.key in changed,
                before=changed.get(one.field.key, "") if one.number == 1 else "",
            )
        )
    return [readings.Section(title, tuple(found)) for title, found in by_section.items()]


def scores_of(cutoff: Cutoff, viewer: Viewer) -> dict[int, ReviewCase]:
    """Application → its case with how the reviews lie, for the board."""
    panel = panel_of(cutoff)
    if panel is None:
        return {}
    return {int(one.subject.partition(":")[2]): one for one in reviewing.case_table(panel, viewer)}


def feedback_of(application: Application, viewer: Viewer) -> list[str]:
    """What reviewers wrote for the applicant, without who wrote it."""
    case = case_of(application)
    file = reviewing.case_file(case, viewer) if case else None
    return (
        [one.comment for one in file.reviews if one.comment.strip() and one.state == "submitted"]
        if file
        else []
    )


@dataclass(frozen=True)
class Part:
    """A part of a page."""

    title: str
    template: str
    data: dict[str, Any] = field(default_factory=dict)


def staff_panel(application: Application, viewer: Viewer) -> list[Part]:
    """The reviews on the secretariat's page of an application."""
    if not viewer.is_secretariat:
        return []
    case = case_of(application)
    row = reviewing.case_table(case.panel, viewer).filter(pk=case.pk).first() if case else None
    return [Part(str(_("審査")), "selection/office/_review.html", {"case": row})] if row else []


def applicant_panel(application: Application) -> list[Part]:
    """The interview on the applicant's page: times to choose from, or the one taken."""
    case = case_of(application)
    interview = getattr(case, "interview", None) if case else None
    if (
        case is None
        or interview is None
        or interview.offered_at is None
        or application.state not in {State.IN_REVIEW, State.INTERVIEW, State.DECIDED}
    ):
        return []
    slots = [slot for slot, _present in possible_slots(case)]
    return [
        Part(
            str(_("面談")),
            "selection/_interview.html",
            {"interview": interview, "slots": slots, "key": application.key},
        )
    ]


def decision_blocks(application: Application, viewer: Viewer) -> tuple[list[Block], list[str]]:
    """Scores, spread, conflicts, what the interview changed and the discussion, with the names in them."""
    case = case_of(application)
    file = reviewing.case_file(case, viewer) if case else None
    if case is None or file is None:
        return [], []
    criteria = list(case.panel.criteria_set.criteria.all())
    names = [str(one.assignment.member) for one in file.reviews] + [
        str(one.profile) for one in file.conflicts
    ]
    names += [str(one.author) for one in file.remarks]
    rows = []
    for one in file.reviews:
        scores = file.scores[one.pk]
        cells = [_cell(scores.get(each.code)) for each in criteria]
        rows.append(
            [
                str(one.assignment.member),
                one.get_state_display(),
                *cells,
                _number(one.total),
                _number(one.interview_total),
            ]
        )
    row: Any = reviewing.case_table(case.panel, viewer).filter(pk=case.pk).first()
    blocks: list[Block] = [
        Heading(_("審査")),
        Table([_("審査員"), _("状態"), *[one.title for one in criteria], _("合計"), _("面談のあと")], rows),
    ]
    if row is not None:
        said = _("平均 %(mean)s、中央値 %(median)s、開き %(spread)s")
        blocks.append(
            Paragraph(
                said
                % {"mean": _number(row.mean), "median": _number(row.median), "spread": _number(row.spread)}
            )
        )
    reasons = [
        [str(one.assignment.member), each.title, score.comment, score.interview_note]
        for one in file.reviews
        for each in criteria
        if (score := file.scores[one.pk].get(each.code)) and (score.comment or score.interview_note)
    ]
    if reasons:
        blocks.append(Table([_("審査員"), _("視点"), _("理由"), _("面談で変えた理由")], reasons))
    if file.conflicts:
        conflicts = [
            [
                str(one.profile),
                one.get_relation_display(),
                one.evidence,
                one.dismiss_reason or ("" if one.gone_at is None else _("なくなった")),
            ]
            for one in file.conflicts
        ]
        blocks += [
            Heading(_("利益相反")),
            Table([_("審査員"), _("関係"), _("根拠"), _("問題ないと判断した理由")], conflicts),
        ]
    if file.remarks:
        remarks = [[moment_words(one.made_at), str(one.author), one.text] for one in file.remarks]
        blocks += [Heading(_("討議")), Table([_("日時"), _("だれが"), _("発言")], remarks)]
    return blocks, names


def _cell(score: Any) -> str:
    if score is None or score.value is None:
        return ""
    after = f"→{score.interview_value}" if score.interview_value is not None else ""
    return f"{score.value}{after}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def close_review(application: Application) -> None:
    """The application is withdrawn: its case leaves the panel."""
    case = case_of(application)
    if case is not None:
        close_case(panel=case.panel, subject=case.subject)


def unfinished(application: Application) -> list[str]:
    """What stands against deciding: reviews that are not in."""
    case = case_of(application)
    if case is None:
        return []
    waiting = case.assignments.filter(ended_at=None, review__state="draft").count()
    return [_("出ていない評価が%(count)d件あります。") % {"count": waiting}] if waiting else []


@transaction.atomic
def begin_interviews(*, application: Application) -> None:
    """Interviews begin: the applicant is told so on their page. Raises `NotAllowed`."""
    one = locked(application)
    move(one, State.INTERVIEW, at=timezone.now())
    note(one, _("面談審査に進みました。面談の時間を選んでください。"), by_label=_("制度の事務局"))
