"""From a selected application to the registry: designation, lab, members, indicators; nothing is typed again."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from tsunagu.accounts.services import invite_person
from tsunagu.engines.dates import PartialDate
from tsunagu.engines.textsearch.folding import fold
from tsunagu.questionnaires.lookups import known_organisation
from tsunagu.questionnaires.services.sending import learn_facts
from tsunagu.registry.codes import is_corporate_number
from tsunagu.registry.kinds import MemberRole, OrganisationKind, Scheme
from tsunagu.registry.models import (
    Designation,
    Indicator,
    IndicatorTarget,
    Lab,
    LocalGovernment,
    MemberOrg,
    Organisation,
    Region,
)
from tsunagu.registry.services import add_member, move_to_dx, region_for, register_lab, save_organisation
from tsunagu.selection.models import Application
from tsunagu.selection.plan import Member, Plan, read_plan
from tsunagu.selection.rules import NotAllowed
from tsunagu.selection.services.timeline import note
from tsunagu.sharing.viewer import Role, Viewer


@transaction.atomic
def designate(*, application: Application, announced_on: date) -> Designation:
    """Make the selected application a designation of its lab, in the round of its cut-off; done once.

    An IoT designation of the same lab is ended by 移行. Raises `NotAllowed` when the plan names no region.
    """
    if application.designation is not None:
        return application.designation
    submission = application.submissions.order_by("-number").select_related("snapshot__form_version").first()
    if submission is None or application.sheet is None:
        raise NotAllowed(_("提出された計画がありません。"))
    plan = read_plan(submission.snapshot.definition, submission.snapshot.answers)
    lab = _lab(application, plan)
    source = _("申請 %(number)s") % {"number": application.number}
    designation = _designation(lab, application, plan, announced_on, source)
    if plan.may_publish:
        # The registry is public: without the applicant's consent its members and indicators stay in the application.
        _members(lab, plan, announced_on, source)
        _indicators(lab, designation, plan)
    else:
        note(
            application,
            _("公表の同意がないため、構成員と指標を登録簿に入れていません。"),
            for_applicant=False,
        )
    application.lab, application.designation = lab, designation
    application.save(update_fields=["lab", "designation"])
    invite_person(email=application.owner.email, name=application.owner.name, role=Role.LAB_OFFICE, lab=lab)
    learn_facts(sheet=application.sheet, lab=lab, source=source)
    return designation


def obstacles(application: Application) -> list[str]:
    """What would keep the registry from taking the application over at the announced hour; a sentence each."""
    submission = application.submissions.order_by("-number").select_related("snapshot__form_version").first()
    if submission is None:
        return [_("提出された計画がありません。")]
    if application.lab is not None:
        already = application.lab.designations.filter(scheme=Scheme.DX).exists()
        return [_("このラボは、すでに地域DX推進ラボに選定されています。")] if already else []
    try:
        with transaction.atomic():
            _region(read_plan(submission.snapshot.definition, submission.snapshot.answers))
            transaction.set_rollback(True)
    except NotAllowed as refusal:
        return [str(refusal)]
    return []


def _lab(application: Application, plan: Plan) -> Lab:
    if application.lab is not None:
        lab = application.lab
        if plan.lab_name and lab.name != plan.lab_name:
            lab.name = plan.lab_name[:100]
            lab.save(update_fields=["name", "updated_at"])
        return lab
    return register_lab(
        region=_region(plan),
        name=plan.lab_name[:100],
        source=_("申請 %(number)s") % {"number": application.number},
    )


def _region(plan: Plan) -> Region:
    code = plan.region.get("code", "")
    place = LocalGovernment.objects.filter(pk=code).first()
    if place is not None:
        return region_for(place)
    group = Region.objects.filter(code=code).first()
    if group is None:
        raise NotAllowed(
            _("計画の地域が登録簿にありません。複数市町村の地域は、先に登録簿に加えてください。")
        )
    return group


def _designation(
    lab: Lab, application: Application, plan: Plan, announced_on: date, source: str
) -> Designation:
    its_round = application.cutoff.round if application.cutoff else None
    day = PartialDate(announced_on.year, announced_on.month, announced_on.day)
    designation, made = Designation.objects.get_or_create(
        lab=lab,
        scheme=Scheme.DX,
        defaults={
            "round": its_round, "category": plan.category, "selected_on": day, "announced_on": day, "source": source,
        },
    )  # fmt: skip
    iot = lab.designations.filter(scheme=Scheme.IOT).first()
    if made and iot is not None:
        move_to_dx(by=Viewer(), iot=iot, dx=designation, source=source)
    return designation


def organisation_for(member: Member, *, source: str) -> Organisation:
    """The registry's record of a member named in a plan, made known if it is new."""
    known = known_organisation(member.value)
    if known is not None:
        return known
    number = member.corporate_number if is_corporate_number(member.corporate_number) else ""
    same = Organisation.objects.filter(
        merged_into=None, name_folded=fold(member.name), name=member.name
    ).first()
    if same is not None and not (number and same.corporate_number and number != same.corporate_number):
        return same
    made = Organisation(
        name=member.name[:200],
        kind=member.kind or OrganisationKind.UNKNOWN,
        corporate_number=number,
        source=source,
    )
    return save_organisation(made)


def _members(lab: Lab, plan: Plan, since: date, source: str) -> None:
    day = PartialDate(since.year, since.month, since.day)
    present = set(lab.members.filter(valid_to=None).values_list("organisation_id", flat=True))
    for member in plan.members:
        organisation = organisation_for(member, source=source)
        if organisation.pk in present:
            continue
        present.add(organisation.pk)
        role = (
            MemberRole.LAB_OFFICE if member.role in {MemberRole.LAB_OFFICE, "事務局"} else MemberRole.MEMBER
        )
        add_member(MemberOrg(lab=lab, organisation=organisation, role=role, valid_from=day, source=source))


def _indicators(lab: Lab, designation: Designation, plan: Plan) -> None:
    for position, one in enumerate(plan.indicators):
        made = Indicator.objects.create(
            lab=lab, designation=designation, position=position, name=one.name[:200], unit=one.unit[:30],
            baseline=one.baseline, baseline_year=one.baseline_year, source=one.source,
        )  # fmt: skip
        for year, value in one.targets:
            IndicatorTarget.objects.update_or_create(indicator=made, year=year, defaults={"value": value})
