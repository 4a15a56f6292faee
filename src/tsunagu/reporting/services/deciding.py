"""The secretariat's part: returning named sections, accepting, checking numbers against evidence."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.activities.models import FactState, PolicyUse
from tsunagu.activities.services.using import record_use, remove_use
from tsunagu.engines.dates import PartialDate
from tsunagu.questionnaires.lookups import known_organisation
from tsunagu.questionnaires.models import Sheet, Snapshot
from tsunagu.questionnaires.services.sending import learn_facts, open_for_correction
from tsunagu.questionnaires.values import as_number
from tsunagu.registry.kinds import MemberRole, OrganisationKind
from tsunagu.registry.models import Indicator, MemberOrg, Organisation, Policy
from tsunagu.registry.services import add_member
from tsunagu.reporting import telling
from tsunagu.reporting.models import FieldRead, IndicatorActual, Report
from tsunagu.reporting.rules import NotAllowed, State, check_move
from tsunagu.reporting.services.writing import locked, note
from tsunagu.sharing.viewer import Viewer


@transaction.atomic
def return_sections(*, report: Report, sections: Mapping[str, str], by: Viewer) -> Report:
    """差戻し: open only the named sections, each with its reason. Raises `NotAllowed`."""
    report = locked(report)
    if report.sheet is None or not sections:
        raise NotAllowed(_("差し戻す章を1つ以上選んでください。"))
    if any(not reason.strip() for reason in sections.values()):
        raise NotAllowed(_("差し戻す理由を、章ごとに書いてください。"))
    check_move(report.state, State.RETURNED)
    open_for_correction(sheet=report.sheet, sections=sections)
    report.state = State.RETURNED
    report.save(update_fields=["state"])
    titles = [one.title for key in sections if (one := report.sheet.definition.section(key))]
    note(
        report,
        _("差し戻しました: %(titles)s") % {"titles": "、".join(titles)},
        by=by,
        by_office=True,
        sections=dict(sections),
    )
    telling.tell_returned(report, titles, sections)
    return report


@transaction.atomic
def accept_report(*, report: Report, by: Viewer) -> Report:
    """受理: lock the report and hand its facts on. Raises `NotAllowed`."""
    report = locked(report)
    check_move(report.state, State.ACCEPTED)
    assert report.sheet is not None
    snapshot = report.sheet.snapshots.filter(kind="submitted").order_by("-number").first()
    assert snapshot is not None
    answers = dict(snapshot.answers)
    source = str(report)
    _hand_on_indicators(report, answers)
    _hand_on_policies(report, answers, source)
    _hand_on_members(report, answers, source, snapshot)
    learn_facts(sheet=report.sheet, lab=report.lab, source=source)
    report.state = State.ACCEPTED
    report.accepted_at = report.accepted_at or timezone.now()
    report.accepted_snapshot = snapshot
    report.is_public = answers.get("may_publish") == "yes"
    report.public_summary = str(answers.get("summary") or "") if report.is_public else ""
    report.save()
    note(report, _("受理しました。"), by=by, by_office=True, snapshot=snapshot)
    telling.tell_accepted(report)
    return report


def _rows(answers: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = answers.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _hand_on_indicators(report: Report, answers: Mapping[str, Any]) -> None:
    """The actual values: new ones begin now, and those they take the place of end now."""
    known = {one.name: one for one in Indicator.objects.filter(lab=report.lab)}
    year, now = report.year.fiscal_year, timezone.now()
    for row in _rows(answers, "indicators"):
        indicator, value = known.get(str(row.get("indicator", ""))), as_number(row.get("actual"))
        if indicator is None or value is None:
            continue
        before = IndicatorActual.objects.filter(
            indicator=indicator, fiscal_year=year, replaced_at=None
        ).first()
        facts = {
            "value": value.quantize(Decimal("0.0001")),
            "evidence": str(row.get("evidence") or ""),
            "comment": str(row.get("comment") or ""),
        }
        if before is not None:
            if all(getattr(before, name) == fact for name, fact in facts.items()):
                continue
            before.replaced_at = now
            before.save(update_fields=["replaced_at"])
        IndicatorActual.objects.create(indicator=indicator, fiscal_year=year, report=report, **facts)


def _number(value: Any) -> int | None:
    number = as_number(value)
    return None if number is None else int(number)


def _hand_on_policies(report: Report, answers: Mapping[str, Any], source: str) -> None:
    """政策活用実績 as the report has it; what an earlier version of the report said and this does not is taken back."""
    year = report.year.fiscal_year
    policies = {one.code: one for one in Policy.objects.all()}
    said = set()
    rows = [] if answers.get("no_policies") == "yes" else _rows(answers, "policies")
    for row in rows:
        policy = policies.get(str(row.get("policy", "")))
        if policy is None or policy.code in said:
            continue
        said.add(policy.code)
        record_use(
            lab=report.lab, policy=policy, fiscal_year=year, source=source, audience="public",
            companies=_number(row.get("companies")), count=_number(row.get("count")), amount=_number(row.get("amount")),
            result=str(row.get("result") or ""), again=str(row.get("again") or ""),
        )  # fmt: skip
    for use in PolicyUse.objects.filter(lab=report.lab, fiscal_year=year, replaced_at=None).exclude(
        policy__code__in=said
    ):
        remove_use(use)


def _hand_on_members(report: Report, answers: Mapping[str, Any], source: str, snapshot: Snapshot) -> None:
    """Members named for the first time come into the registry from the report's acceptance on; those no longer named end."""
    del snapshot
    rows = _rows(answers, "members")
    if not rows:
        return
    today = timezone.localdate()
    day = PartialDate(today.year, today.month, today.day)
    held = {
        one.organisation_id: one
        for one in MemberOrg.objects.filter(lab=report.lab, valid_to=None).select_related("organisation")
    }
    named = set()
    for row in rows:
        value = row.get("organisation")
        if not isinstance(value, dict) or not value.get("name"):
            continue
        organisation = known_organisation(value)
        same = next((one for one in held.values() if one.organisation.name == value["name"]), None)
        if same is not None:
            named.add(same.organisation_id)
        elif organisation is not None and organisation.pk in held:
            named.add(organisation.pk)
        else:
            added = add_member(_member(report, organisation, row, value, day, source))
            named.add(added.organisation_id)
    for pk, one in held.items():
        if pk not in named:
            one.valid_to = day
            one.save(update_fields=["valid_to"])


def _member(
    report: Report, organisation: Organisation | None, row: Mapping[str, Any], value: Mapping[str, Any],
    day: PartialDate, source: str,
) -> MemberOrg:  # fmt: skip
    kind = str(row.get("kind") or "")
    made = organisation or Organisation(
        name=str(value["name"])[:200],
        corporate_number=str(value.get("corporate_number") or ""),
        kind=kind if kind in OrganisationKind.values else OrganisationKind.UNKNOWN,
        prefecture_id=report.lab.region.prefecture_id,
        source=source,
    )
    return MemberOrg(lab=report.lab, organisation=made, role=MemberRole.MEMBER, valid_from=day, source=source)


@transaction.atomic
def verify_actual(*, actual: IndicatorActual, verified_with: str, by: Viewer) -> IndicatorActual:
    """Mark an actual value as checked against evidence. Raises `NotAllowed` without saying with what."""
    if not verified_with.strip():
        raise NotAllowed(_("何で確かめたかを書いてください。"))
    actual = IndicatorActual.objects.select_for_update(of=("self",)).get(pk=actual.pk)
    actual.state, actual.verified_with = FactState.VERIFIED, verified_with.strip()
    actual.verified_by_id = by.person_id
    actual.save(update_fields=["state", "verified_with", "verified_by"])
    return actual


def note_fields_read(*, sheet: Sheet, section: str) -> None:
    """Remember that somebody opened the answers of a section: questions nobody reads may go."""
    found = sheet.definition.section(section)
    if found is None:
        return
    today = timezone.localdate()
    for field in found.fields:
        FieldRead.objects.update_or_create(
            form_id=sheet.form_version.form_id,
            field=field.key,
            defaults={"last_on": today, "times": F("times") + 1},
            create_defaults={"last_on": today, "times": 1},
        )
