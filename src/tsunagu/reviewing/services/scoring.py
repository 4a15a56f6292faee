"""Reading, scoring, handing in, abstaining, and talking about a case."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.reviewing.models import Assignment, Declaration, Remark, Review, ReviewCase, ReviewState, Score
from tsunagu.reviewing.rules import HIGHEST, LOWEST, may_score, missing_scores, total
from tsunagu.reviewing.services.panels import NotPossible
from tsunagu.reviewing.services.relations import standing
from tsunagu.sharing.viewer import Viewer


def check_may_write(assignment: Assignment) -> None:
    """Raises `NotPossible` unless this review may be written now."""
    if assignment.ended_at is not None:
        raise NotPossible(_("この案件の割当ては終わっています。"))
    if standing(case=assignment.case).filter(profile=assignment.member.profile_id).exists():
        raise NotPossible(_("利益相反があるため、この案件は審査できません。"))
    answer = Declaration.objects.filter(case=assignment.case, profile=assignment.member.profile_id).first()
    if answer is None or answer.has_conflict:
        raise NotPossible(_("先に、利益相反の質問に答えてください。"))
    if not may_score(assignment.case.panel.phase):
        raise NotPossible(_("いまは採点の期間ではありません。"))


@transaction.atomic
def save_review(
    *,
    assignment: Assignment,
    scores: Mapping[str, tuple[int | None, str]],
    comment: str | None = None,
    inner_comment: str | None = None,
) -> Review:
    """Keep scores (criterion → value, comment) and comments as they stand, complete or not. Raises `NotPossible`.

    A review that was handed in and is changed says so (`edited_at`), and must stay complete.
    """
    check_may_write(assignment)
    review = Review.objects.select_for_update(of=("self",)).get_or_create(assignment=assignment)[0]
    known = {one.code for one in assignment.case.panel.criteria_set.criteria.all()}
    for code, (value, text) in scores.items():
        if code not in known or (value is not None and not LOWEST <= value <= HIGHEST):
            raise NotPossible(_("評点は1〜5です。"))
        Score.objects.update_or_create(
            review=review, criterion=code, defaults={"value": value, "comment": text}
        )
    if comment is not None:
        review.comment = comment
    if inner_comment is not None:
        review.inner_comment = inner_comment
    if review.state == ReviewState.SUBMITTED:
        review.total = _complete_total(review)
        review.edited_at = timezone.now()
    review.save()
    return review


def values_of(review: Review) -> dict[str, int | None]:
    return dict(review.scores.values_list("criterion", "value"))


def _complete_total(review: Review) -> float:
    criteria = review.assignment.case.panel.criteria_set.weighted()
    values = values_of(review)
    missing = missing_scores(criteria, values)
    whole = total(criteria, values)
    if missing or whole is None:
        titles = {one.code: one.title for one in review.assignment.case.panel.criteria_set.criteria.all()}
        raise NotPossible(
            _("点が付いていない視点があります: %(titles)s")
            % {"titles": "、".join(titles[one] for one in missing)}
        )
    return whole


@transaction.atomic
def submit_review(*, review: Review) -> Review:
    """Hand a review in: complete, with a comment for the applicant. Raises `NotPossible`."""
    review = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    check_may_write(review.assignment)
    review.total = _complete_total(review)
    if not review.comment.strip():
        raise NotPossible(_("申請者に伝えてよい講評を書いてください。"))
    review.state, review.submitted_at, review.abstain_reason = ReviewState.SUBMITTED, timezone.now(), ""
    review.save()
    return review


@transaction.atomic
def abstain(*, review: Review, reason: str) -> Review:
    """棄権: end the review without a score, with a reason; unlike skipping, it asks for somebody else."""
    if not reason.strip():
        raise NotPossible(_("棄権の理由を書いてください。"))
    review = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if review.state == ReviewState.SUBMITTED:
        raise NotPossible(_("もう提出されています。"))
    review.state, review.abstain_reason, review.total = ReviewState.ABSTAINED, reason[:300], None
    review.save()
    return review


@transaction.atomic
def change_after_interview(*, assignment: Assignment, scores: Mapping[str, tuple[int | None, str]]) -> Review:
    """Scores after the interview beside those of the documents; a changed one needs a note. Raises `NotPossible`."""
    review = Review.objects.select_for_update(of=("self",)).get(assignment=assignment)
    if review.state != ReviewState.SUBMITTED:
        raise NotPossible(_("先に、書類の評点を出してください。"))
    if standing(case=assignment.case).filter(profile=assignment.member.profile_id).exists():
        raise NotPossible(_("利益相反があるため、この案件は審査できません。"))
    before = {one.criterion: one for one in review.scores.all()}
    for code, (value, remark) in scores.items():
        score = before.get(code)
        if score is None or value is None:
            continue
        if not LOWEST <= value <= HIGHEST:
            raise NotPossible(_("評点は1〜5です。"))
        if value != score.value and not remark.strip():
            raise NotPossible(_("点を変えた理由を書いてください。"))
        score.interview_value, score.interview_note = value, remark[:300]
        score.save(update_fields=["interview_value", "interview_note"])
    after = {
        code: one.interview_value if one.interview_value is not None else one.value
        for code, one in before.items()
    }
    review.interview_total = total(assignment.case.panel.criteria_set.weighted(), after)
    review.save(update_fields=["interview_total", "saved_at"])
    return review


@transaction.atomic
def remark(*, case: ReviewCase, by: Viewer, text: str, level: str) -> Remark:
    """Say something about a case to those of a level."""
    return Remark.objects.create(case=case, author_id=by.signed_in_id, text=text, level=level)
