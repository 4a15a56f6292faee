"""What people do about the mark: terms, acceptance, kits, the register of uses, withdrawal and notices."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tsunagu.certificates import mark_selectors
from tsunagu.certificates.mark_selectors import Overdue, lab_marks
from tsunagu.certificates.models import (
    MarkAcceptance,
    MarkKit,
    MarkKitFile,
    MarkTerms,
    MarkUse,
    MarkWithdrawal,
)
from tsunagu.engines.dates import both_calendars
from tsunagu.files.services import store_file
from tsunagu.outbox.addresses import whole_address
from tsunagu.outbox.placeholders import MailTemplate
from tsunagu.outbox.services import put_templated
from tsunagu.registry.models import Designation, Lab, LabContact
from tsunagu.registry.services import check_version
from tsunagu.sharing.viewer import Viewer


class MarkRefused(ValueError):
    """Something about the mark that cannot be done now; the message says why, for the person who asked."""


STOP_NOTICE = MailTemplate(
    kind="mark:stop",
    title=gettext_lazy("ロゴマークの使用をやめるお願い"),
    subject="ロゴマークの使用をやめるお願い（{{ lab }}）",
    body=(
        "{{ lab }} 御中\n\n{{ scheme }}のロゴマークを使える期間は、{{ day }} に終わりました（{{ why }}）。\n\n"
        "つぎの使用が、まだ続いていることになっています。\n{{ uses }}\n\n"
        "取り下げたら、つぎのページで「使い終えた日」を記録してください。\n{{ address }}"
    ),
    names=frozenset({"lab", "scheme", "day", "why", "uses"}),
    links=frozenset({"address"}),
)


def _next_number(model: type[MarkTerms] | type[MarkKit]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [model._meta.db_table])
    return (model._default_manager.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def publish_terms(*, text: str, changes: str, effective_on: date, by: Viewer) -> MarkTerms:
    """Add a version of the terms; from its day on, every lab's office is asked to accept it."""
    return MarkTerms.objects.create(
        number=_next_number(MarkTerms),
        text=text,
        changes=changes,
        effective_on=effective_on,
        made_by_label=by.display_name[:100],
    )


@transaction.atomic
def accept_terms(*, lab: Lab, terms: MarkTerms, by: Viewer) -> list[MarkAcceptance]:
    """The lab's office accepts the terms in force, for every designation with a right today. Raises `MarkRefused`."""
    today = timezone.localdate()
    if lab.pk not in by.office_lab_ids:
        raise MarkRefused(_("使用規程を承諾できるのは、このラボの事務局の人だけです。"))
    if mark_selectors.current_terms(today) != terms:
        raise MarkRefused(_("使用規程が新しくなりました。新しい版を読んでから承諾してください。"))
    marks = lab_marks(mark_selectors.designations_of(lab), on=today)
    due = [one.designation for one in marks if one.is_on]
    if not due:
        raise MarkRefused(_("今日、ロゴマークを使える選定がありません。"))
    return [
        MarkAcceptance.objects.get_or_create(
            designation=one,
            terms=terms,
            defaults={"accepted_by_id": by.person_id, "accepted_by_label": by.display_name[:100]},
        )[0]
        for one in due
    ]


@transaction.atomic
def publish_kit(*, changes: str, uploads: Sequence[UploadedFile], by: Viewer) -> MarkKit:
    """Add a version of the mark's files. Raises `files.services.FileNotTaken`."""
    kit = MarkKit.objects.create(
        number=_next_number(MarkKit), changes=changes, made_by_label=by.display_name[:100]
    )
    for upload in uploads:
        stored = store_file(upload=upload, by_label=by.display_name)
        MarkKitFile.objects.create(kit=kit, stored_file=stored)
    return kit


@transaction.atomic
def save_use(
    use: MarkUse, *, by: Viewer, photo: UploadedFile | None = None, seen: int | None = None
) -> MarkUse:
    """Write down where the mark is used, or correct it. Raises `EditConflict`, `files.services.FileNotTaken`."""
    check_version(use, seen)
    if photo is not None:
        use.photo = store_file(upload=photo, by_label=by.display_name)
    use.recorded_by_label = by.display_name[:100]
    use.save()
    return use


@transaction.atomic
def withdraw(*, designation: Designation, stops_on: date, reason: str, by: Viewer) -> MarkWithdrawal:
    """End the right before the designation does, with a reason. Raises `MarkRefused`."""
    Designation.objects.select_for_update(of=("self",)).get(pk=designation.pk)
    if MarkWithdrawal.objects.filter(designation=designation, voided_at=None).exists():
        raise MarkRefused(_("すでに差し止めています。日を変えるときは、先に取り消してください。"))
    return MarkWithdrawal.objects.create(
        designation=designation, stops_on=stops_on, reason=reason, recorded_by_label=by.display_name[:100]
    )


@transaction.atomic
def void_withdrawal(*, withdrawal: MarkWithdrawal, reason: str) -> None:
    """Take a withdrawal back; it stays readable with the reason."""
    MarkWithdrawal.objects.filter(pk=withdrawal.pk, voided_at=None).update(
        voided_at=timezone.now(), void_reason=reason
    )


@transaction.atomic
def draft_stop_notices(*, on: date | None = None) -> int:
    """A draft of a notice for every lab with uses open after the stop date, once per stop; returns how many were due.

    It goes to the desks the lab's office keeps as contacts; a lab without an address is listed on the page instead.
    """
    today = on or timezone.localdate()
    open_uses = MarkUse.objects.filter(used_to=None).select_related(
        "designation__lab__region", "designation__round"
    )
    by_designation: dict[int, list[Overdue]] = defaultdict(list)
    for one in mark_selectors.overdue(open_uses, on=today):
        by_designation[one.use.designation_id].append(one)
    addresses = desks(late[0].use.designation.lab_id for late in by_designation.values())
    due = 0
    for late in by_designation.values():
        for email in addresses.get(late[0].use.designation.lab_id, []):
            _draft_notice(late, email)
            due += 1
    return due


def desks(lab_ids: object) -> dict[int, list[str]]:
    """The mail addresses of labs' desks."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = LabContact.objects.filter(lab__in=list(lab_ids)).exclude(email="")  # type: ignore[call-overload]
    for lab_id, email in rows.order_by("pk").values_list("lab_id", "email"):
        if email not in found[lab_id]:
            found[lab_id].append(email)
    return found


def _draft_notice(late: Sequence[Overdue], email: str) -> None:
    designation, right = late[0].use.designation, late[0].right
    assert right.stops is not None
    put_templated(
        key=f"{STOP_NOTICE.kind}:{designation.pk}:{right.stops.isoformat()}:{email}",
        template=STOP_NOTICE,
        to_email=email,
        to_name=str(designation.lab),
        values={
            "lab": str(designation.lab),
            "scheme": str(designation.get_scheme_display()),
            "day": both_calendars(right.stops),
            "why": right.why or "—",
            "uses": "\n".join(f"・{one.use} {one.use.address}".rstrip() for one in late),
            "address": whole_address(reverse("marks:lab", args=[designation.lab.slug])),
        },
    )
