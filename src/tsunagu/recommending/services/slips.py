"""Companies, recommendations, their sending, filing and result."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.recommending import selectors
from tsunagu.recommending.models import Company, Edition, Recommendation
from tsunagu.recommending.rules import GIVEN, OPEN, Nintei, NotAllowed, Step
from tsunagu.recommending.services.consenting import check_consent, locked, look_again
from tsunagu.registry.kinds import OrganisationKind
from tsunagu.registry.models import Lab, Organisation
from tsunagu.registry.services import check_version, save_organisation
from tsunagu.sharing.viewer import Viewer


@transaction.atomic
def save_edition(edition: Edition, *, seen: int | None = None) -> Edition:
    """Keep an edition's rules. Raises `EditConflict`."""
    check_version(edition, seen)
    edition.save()
    return edition


@transaction.atomic
def save_company(company: Company, *, name: str = "", number: str = "", seen: int | None = None) -> Company:
    """Keep a company as a lab knows it; a new one is found in the registry by its 法人番号, or put there.

    A consent given to what was said of it before no longer holds. Raises `EditConflict`.
    """
    check_version(company, seen)
    if company.pk is None:
        company.organisation = _organisation(name=name, number=number, lab=company.lab)
    company.save()
    for one in company.recommendations.filter(state__in=OPEN):
        check_consent(locked(one))
    return company


def _organisation(*, name: str, number: str, lab: Lab) -> Organisation:
    known = Organisation.objects.filter(corporate_number=number, merged_into=None).first()
    return known or save_organisation(
        Organisation(name=name, corporate_number=number, kind=OrganisationKind.COMPANY, source=str(lab))
    )


@transaction.atomic
def save_recommendation(record: Recommendation, *, by: Viewer, seen: int | None = None) -> Recommendation:
    """Keep a recommendation's text; changed, it needs the company's consent again.

    Raises `EditConflict`, and `NotAllowed` once it was sent or for a lab without a DX designation in force.
    """
    check_version(record, seen)
    known = locked(record) if record.pk else None
    if known is not None and known.state not in OPEN:
        raise NotAllowed(_("推薦したあとの内容は変えられません。取り下げて、新しく作ってください。"))
    if known is None and not selectors.may_recommend(record.company.lab, on=timezone.localdate()):
        raise NotAllowed(_("選定中の地域DX推進ラボだけが推薦できます。"))
    if record.pledge.strip() and (known is None or known.pledge != record.pledge):
        record.pledged_by_label, record.pledged_at = by.display_name[:100], timezone.now()
    if not record.pledge.strip():
        record.pledged_by_label, record.pledged_at = "", None
    record.state = known.state if known else Step.DRAFT
    record.save()
    check_consent(record)
    return record


def send(*, recommendation: Recommendation, by: Viewer) -> Recommendation:
    """Recommend: just what the company agreed to, on a day the edition takes it. Raises `NotAllowed`."""
    look_again(recommendation)
    return _send(recommendation, by)


@transaction.atomic
def _send(recommendation: Recommendation, by: Viewer) -> Recommendation:
    one = locked(recommendation)
    check_consent(one)
    if one.state != Step.CONSENTED:
        raise NotAllowed(_("会社の同意がないので、推薦できません。いまの内容について同意を求めてください。"))
    stopping = [each for each in selectors.problems_of(one) if each.stops]
    if stopping:
        raise NotAllowed(" ".join(f"{each.message}{each.mend}" for each in stopping))
    one.state, one.sent_at, one.sent_by_label = Step.SENT, timezone.now(), by.display_name[:100]
    one.save()
    return one


@transaction.atomic
def withdraw(*, recommendation: Recommendation, reason: str) -> Recommendation:
    """The lab takes its recommendation back, with a reason; it stays readable. Raises `NotAllowed`."""
    one = locked(recommendation)
    if one.state in {Step.SELECTED, Step.NOT_SELECTED, Step.WITHDRAWN}:
        raise NotAllowed(_("結果の出たもの、取り下げたものは、取り下げられません。"))
    one.state, one.result_on, one.result_source = Step.WITHDRAWN, timezone.localdate(), reason[:300]
    one.save()
    check_consent(one)
    return one


@transaction.atomic
def record_filing(*, recommendation: Recommendation, filed_on: date, note: str) -> Recommendation:
    """DX認定 was filed: the duty is done, and the company's state follows. Raises `NotAllowed` for a day to come."""
    if filed_on > timezone.localdate():
        raise NotAllowed(_("申請した日は、今日までの日にしてください。"))
    # The company first, as when it is saved: two people at once wait, and neither holds what the other wants.
    company = Company.objects.select_for_update(of=("self",)).get(pk=recommendation.company_id)
    one = locked(recommendation)
    if one.state == Step.WITHDRAWN:
        raise NotAllowed(_("取り下げた推薦には記録できません。"))
    one.filed_on, one.filing_note = filed_on, note[:200]
    one.save()
    if company.nintei != Nintei.HELD:
        company.nintei = Nintei.FILED
        company.nintei_source = _("%(lab)sの記録（%(day)s 申請）") % {"lab": company.lab, "day": filed_on}
        company.save()
        one.company = company
    if one.state in OPEN:
        check_consent(one)
    return one


@transaction.atomic
def record_result(
    *, recommendation: Recommendation, state: str, result_on: date, source: str
) -> Recommendation:
    """The organisers' result, or its correction. Raises `NotAllowed` for what was not sent."""
    one = locked(recommendation)
    if one.state not in GIVEN or state not in {Step.SELECTED, Step.NOT_SELECTED}:
        raise NotAllowed(_("推薦したものだけに、結果を記録できます。"))
    one.state, one.result_on, one.result_source = state, result_on, source[:300]
    one.save()
    return one
