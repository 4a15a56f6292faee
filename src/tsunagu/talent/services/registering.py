"""Talents and companies register themselves, agreeing first to what happens with their data."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.accounts.services import invite_person
from tsunagu.registry.services import save_record
from tsunagu.sharing.viewer import Role, Viewer
from tsunagu.talent import telling
from tsunagu.talent.models import (
    Company,
    Consent,
    Edition,
    Entry,
    EntryState,
    Kind,
    Skill,
    Step,
    Talent,
    TeamState,
)
from tsunagu.talent.rules import UNFINISHED_DAYS, NotAllowed, consent_words, keep_until


def is_open_for(edition: Edition) -> bool:
    """Whether somebody may register today."""
    today = timezone.localdate()
    return (
        edition.step == Step.OPEN
        and (edition.opens_on is None or edition.opens_on <= today)
        and (edition.closes_on is None or today <= edition.closes_on)
    )


def words_of(edition: Edition) -> str:
    """The words somebody is asked to agree to."""
    return consent_words(edition=str(edition), purpose=edition.purpose, keep_months=edition.keep_months)


@transaction.atomic
def agree(*, person_id: int, edition: Edition, kind: Kind) -> Consent:
    """Note the consent with the words as shown. Until something is registered, data stay only a month."""
    today = timezone.localdate()
    made, _made = Consent.objects.get_or_create(
        person_id=person_id,
        edition=edition,
        kind=kind,
        defaults={"text": words_of(edition), "keep_until": today + timedelta(days=UNFINISHED_DAYS)},
    )
    return made


def _keep_for_the_edition(person_id: int, edition: Edition, kind: Kind) -> None:
    """What was registered is kept as long as was agreed to. Raises `NotAllowed` without a consent."""
    consent = Consent.objects.filter(person_id=person_id, edition=edition, kind=kind).first()
    if consent is None:
        raise NotAllowed(_("個人情報の使い方を読んで、同意してください。"))
    consent.keep_until = keep_until(
        agreed_on=timezone.localdate(consent.agreed_at),
        reports_on=edition.reports_on,
        keep_months=edition.keep_months,
    )
    consent.save(update_fields=["keep_until"])


@transaction.atomic
def enter(
    *, talent: Talent, entry: Entry, skills: Iterable[Skill], by: Viewer, seen: int | None = None
) -> Entry:
    """Store a talent's description and their entry into an edition. Raises `EditConflict`, `NotAllowed`."""
    edition = entry.edition
    if entry.pk is None and not is_open_for(edition):
        raise NotAllowed(_("この回は、いまは募集していません。"))
    _keep_for_the_edition(by.signed_in_id, edition, Kind.TALENT)
    talent.person_id, talent.erased_at = by.signed_in_id, None
    save_record(talent, seen=seen)
    talent.skills.set(skills)
    entry.talent = talent
    if entry.state == EntryState.WITHDRAWN:
        entry.state = EntryState.SENT
    is_new = entry.pk is None
    entry.save()
    if is_new:
        telling.tell_coordinators(
            edition,
            _("デジタル人材の応募がありました（%(who)s）。") % {"who": entry.label},
            f"entry:{entry.pk}",
        )
    return entry


@transaction.atomic
def decide_entry(*, entry: Entry, accept: bool, note: str = "") -> Entry:
    """The coordinator takes a talent in, or not. Raises `NotAllowed`."""
    one = (
        Entry.objects.select_for_update(of=("self",))
        .select_related("edition", "talent__person")
        .get(pk=entry.pk)
    )
    if one.state not in (EntryState.SENT, EntryState.ACCEPTED, EntryState.DECLINED):
        raise NotAllowed(_("この人は辞退しています。"))
    if not accept and not note.strip():
        raise NotAllowed(_("見送る理由を書いてください。本人に伝えます。"))
    if not accept and one.seats.filter(team__state__in=[TeamState.PROPOSED, TeamState.RUNNING]).exists():
        raise NotAllowed(_("チームに入っています。先にチームを終えてください。"))
    one.state = EntryState.ACCEPTED if accept else EntryState.DECLINED
    one.note = note[:300]
    one.save(update_fields=["state", "note"])
    if accept:
        invite_person(email=one.talent.person.email, name=one.talent.person.name, role=Role.TALENT)
    telling.tell_entry(one)
    return one


@transaction.atomic
def leave(*, entry: Entry) -> None:
    """A talent withdraws. Raises `NotAllowed` while they are in a team."""
    one = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if one.seats.filter(team__state__in=[TeamState.PROPOSED, TeamState.RUNNING]).exists():
        raise NotAllowed(
            _("チームに入っています。チームのページで断るか、コーディネーターに相談してください。")
        )
    one.state = EntryState.WITHDRAWN
    one.save(update_fields=["state"])
    one.interests.update(talent_at=None, opened_at=None)


@transaction.atomic
def register_company(*, company: Company, edition: Edition, by: Viewer, seen: int | None = None) -> Company:
    """Store a company as its contact describes it. Raises `EditConflict`, `NotAllowed`."""
    if company.pk is None and not is_open_for(edition):
        raise NotAllowed(_("この回は、いまは募集していません。"))
    _keep_for_the_edition(by.signed_in_id, edition, Kind.COMPANY)
    company.contact_id, company.erased_at = by.signed_in_id, None
    save_record(company, seen=seen)
    return company
