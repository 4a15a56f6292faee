"""Writing a case, and sending it on its way: draft → editor → consent → published → confirmed each year or withdrawn."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.activities.models import Activity
from tsunagu.cases import telling, wording
from tsunagu.cases.models import (
    Case,
    CaseConsent,
    CaseInner,
    CaseResult,
    CaseState,
    ConsentAnswer,
    WithdrawReason,
)
from tsunagu.cases.rules import NotAllowed
from tsunagu.cases.selectors import problems, stale_cases
from tsunagu.cases.services.comparing import keep_sent
from tsunagu.registry.models import Lab, Policy
from tsunagu.registry.numbering import next_number
from tsunagu.registry.services import check_version
from tsunagu.sharing.viewer import Viewer

PATIENCE = timedelta(days=30)
WRITABLE = frozenset({CaseState.DRAFT, CaseState.RETURNED})


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update(of=("self",)).select_related("lab__region").get(pk=case.pk)


def writable(case: Case, by: Viewer) -> Case:
    """The case as it stands, where this person may write it now. Raises `NotAllowed`."""
    one = Case.objects.get(pk=case.pk)
    if one.state not in WRITABLE and not by.is_secretariat:
        raise NotAllowed(
            _("編集者に渡した事例は、戻されるまで直せません。直したいときは、事務局に連絡してください。")
        )
    return one


@transaction.atomic
def start_case(*, lab: Lab | None, activity: Activity | None = None) -> Case:
    """Begin a case; from an activity of the log what is known of it is there already."""
    case = Case(lab=lab, number=next_number(Case, "C-"))
    if lab is not None:
        region = lab.region
        case.prefecture = region.prefecture
    if activity is not None:
        case.activity, case.title, case.outcome = activity, activity.title[:100], activity.summary[:4000]
    case.save()
    if activity is not None:
        case.policies.set(activity.policies.all())
    CaseInner.objects.create(case=case)
    return case


@transaction.atomic
def keep_case(
    case: Case,
    *,
    inner: CaseInner,
    results: Sequence[CaseResult] | None,
    policies: Sequence[Policy] | None,
    by: Viewer,
    seen: int | None,
) -> Case:
    """Store what was written; of a published case too, which then waits for the company again if its text changed.

    `results` and `policies`: None leaves them as they are. Raises `EditConflict`, `NotAllowed` while an editor reads it.
    """
    check_version(case, seen)
    before = writable(case, by)
    case.state = before.state
    _stays_whole(case, before)
    case.save()
    inner.case = case
    inner.save()
    if policies is not None:
        case.policies.set(policies)
    if results is not None:
        case.results.all().delete()
        for one in results:
            one.pk, one.case = None, case
            one.save()
    look_at_consent(case)
    case.refresh_from_db()
    return case


def _stays_whole(case: Case, before: Case) -> None:
    """What is public loses nothing that was asked for when it was published. Raises `NotAllowed`."""
    if case.state != CaseState.PUBLISHED:
        return
    known = problems(before)
    if missing := [text for field, text in problems(case) if (field, text) not in known]:
        raise NotAllowed(_("公開している事例です。") + "".join(missing))


def look_at_consent(case: Case) -> None:
    """A company agreed to one text: to another it has not, and a company named since has agreed to none."""
    digest = wording.digest_of(wording.public_text(case))
    held = case.consents.filter(answer__in=[ConsentAnswer.WAITING, ConsentAnswer.GIVEN]).exclude(
        digest=digest
    )
    replaced = held.update(answer=ConsentAnswer.REPLACED)
    if case.state == CaseState.CONSENT and not replaced:
        return
    if case.state == CaseState.CONSENT or (case.state == CaseState.PUBLISHED and not may_publish(case)):
        case.state, case.published_at = CaseState.EDITING, None
        case.save(update_fields=["state", "published_at"])


@transaction.atomic
def send_case(*, case: Case) -> None:
    """Hand it to the editor. Raises `NotAllowed` with what is missing."""
    one = _locked(case)
    if one.state not in WRITABLE:
        raise NotAllowed(_("すでに編集者に渡しました。"))
    if missing := problems(one):
        raise NotAllowed("".join(text for _field, text in missing))
    one.state, one.editor_note = CaseState.EDITING, ""
    one.save(update_fields=["state", "editor_note"])
    keep_sent(one)
    telling.tell_editors(one, f"sent:{one.version}")


@transaction.atomic
def return_case(*, case: Case, note: str) -> None:
    """Back to its writers, with what to mend. Raises `NotAllowed`."""
    one = _locked(case)
    if one.state not in (CaseState.EDITING, CaseState.CONSENT):
        raise NotAllowed(_("確認中の事例ではありません。"))
    one.state, one.editor_note = CaseState.RETURNED, note
    one.save(update_fields=["state", "editor_note"])
    one.consents.filter(answer=ConsentAnswer.WAITING).update(answer=ConsentAnswer.REPLACED)
    telling.tell_office(
        one,
        _("事例「%(title)s」が戻されました。%(note)s") % {"title": one.title, "note": note},
        f"back:{one.version}",
    )


@transaction.atomic
def ask_consent(*, case: Case, name: str, email: str) -> CaseConsent:
    """Show the company its text and ask. A question asked before counts no longer. Raises `NotAllowed`."""
    one = _locked(case)
    if one.state not in (CaseState.EDITING, CaseState.CONSENT):
        raise NotAllowed(_("確認中の事例ではありません。"))
    if not one.company:
        raise NotAllowed(_("会社の名前がありません。入れてから、同意を求めてください。"))
    one.consents.filter(answer__in=[ConsentAnswer.WAITING, ConsentAnswer.GIVEN]).update(
        answer=ConsentAnswer.REPLACED
    )
    text = wording.public_text(one)
    consent = CaseConsent.objects.create(
        case=one, text=text, digest=wording.digest_of(text), to_name=name, to_email=email,
        expires_at=timezone.now() + PATIENCE,
    )  # fmt: skip
    one.state = CaseState.CONSENT
    one.save(update_fields=["state"])
    telling.ask_company(consent)
    return consent


@transaction.atomic
def answer_consent(*, consent: CaseConsent, given: bool, name: str, reason: str) -> None:
    """The company's answer. Raises `NotAllowed` when it can no longer be given."""
    case = _locked(consent.case)
    found = CaseConsent.objects.select_for_update().get(pk=consent.pk)
    if found.answer == ConsentAnswer.REPLACED:
        raise NotAllowed(
            _("内容が変わったので、このリンクは使えなくなりました。新しい案内をお待ちください。")
        )
    if found.answer != ConsentAnswer.WAITING:
        raise NotAllowed(_("すでに返事をいただいています。変えたいときは、ラボに連絡してください。"))
    if timezone.now() > found.expires_at:
        raise NotAllowed(_("返事の期限が過ぎました。ラボに連絡して、案内を送り直してもらってください。"))
    found.answer = ConsentAnswer.GIVEN if given else ConsentAnswer.REFUSED
    found.name, found.reason, found.answered_at = name[:100], reason, timezone.now()
    found.save()
    case.state = CaseState.EDITING
    case.save(update_fields=["state"])
    telling.tell_editors(case, f"answer:{found.pk}")


def may_publish(case: Case) -> bool:
    """A case that names a company needs its consent to this very text; one from a public source does not."""
    if not case.company or (case.lab_id is None and case.source):
        return True
    given = case.consents.filter(answer=ConsentAnswer.GIVEN).first()
    return given is not None and given.digest == wording.digest_of(wording.public_text(case))


@transaction.atomic
def publish_case(*, case: Case) -> None:
    """Show it to everybody. Raises `NotAllowed` without the company's consent to this text."""
    one = _locked(case)
    if one.state != CaseState.EDITING:
        raise NotAllowed(_("確認中の事例ではありません。"))
    if missing := problems(one):
        raise NotAllowed("".join(text for _field, text in missing))
    if not may_publish(one):
        raise NotAllowed(_("いまの文への会社の同意がありません。同意を求めてから、公開してください。"))
    one.state, one.published_at, one.verified_on = CaseState.PUBLISHED, timezone.now(), timezone.localdate()
    one.save(update_fields=["state", "published_at", "verified_on"])
    telling.tell_office(
        one, _("事例「%(title)s」を公開しました。") % {"title": one.title}, f"published:{one.version}"
    )


@transaction.atomic
def confirm_case(*, case: Case) -> None:
    """It is still true. Raises `NotAllowed` for one that is not public."""
    one = _locked(case)
    if one.state != CaseState.PUBLISHED:
        raise NotAllowed(_("公開中の事例ではありません。"))
    one.verified_on = timezone.localdate()
    one.save(update_fields=["verified_on"])


@transaction.atomic
def reopen_case(*, case: Case) -> None:
    """Take a published case back to be mended by its writers. Raises `NotAllowed`."""
    one = _locked(case)
    if one.state != CaseState.PUBLISHED:
        raise NotAllowed(_("公開中の事例ではありません。"))
    one.state, one.published_at = CaseState.RETURNED, None
    one.save(update_fields=["state", "published_at"])


def may_withdraw(case: Case) -> bool:
    """It is public, or was until its writers took it back."""
    return case.state == CaseState.PUBLISHED or (case.state in WRITABLE and case.verified_on is not None)


def may_remove(case: Case) -> bool:
    """Nobody but its writers and the editor ever read it."""
    return case.state in WRITABLE and case.verified_on is None and not case.consents.exists()


@transaction.atomic
def remove_draft(*, case: Case) -> None:
    """Take away what was begun by mistake; the history keeps that it was there. Raises `NotAllowed`."""
    one = _locked(case)
    if not may_remove(one):
        raise NotAllowed(
            _(
                "消せるのは、公開したことも会社に見せたこともない下書きだけです。公開した事例は、取り下げてください。"
            )
        )
    stored = [photo.stored_file for photo in one.photos.select_related("stored_file")]
    one.delete()
    # The files themselves go with the nightly sweep.
    for file in stored:
        file.delete()


@transaction.atomic
def withdraw_case(*, case: Case, why: str) -> None:
    """Show it no longer; number, day and reason stay; also of one that was taken back to be mended.

    Raises `NotAllowed`, `ValueError` for an unknown reason.
    """
    one = _locked(case)
    if not may_withdraw(one):
        raise NotAllowed(_("公開した事例ではありません。"))
    one.state, one.withdrawn_why, one.withdrawn_on = (
        CaseState.WITHDRAWN,
        WithdrawReason(why),
        timezone.localdate(),
    )
    one.save(update_fields=["state", "withdrawn_why", "withdrawn_on"])


def ask_stale_owners() -> int:
    """A line to each office whose case nobody has confirmed for a year, once a month; returns how many cases."""
    today = timezone.localdate()
    told = 0
    for case in stale_cases(today):
        line = _("事例「%(title)s」は、確かめてから1年たちました。いまも正しければ1回押すだけです。") % {
            "title": case.title
        }
        told += bool(telling.tell_office(case, line, f"stale:{today:%Y-%m}"))
    return told
