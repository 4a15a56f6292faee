"""Issuing a whole round: what would be printed with its problems, then numbers at once, then the pages one by one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.certificates.models import Certificate, IssueRun, Kind
from tsunagu.certificates.printing import sheet_of
from tsunagu.certificates.selectors import facts
from tsunagu.certificates.services.issuing import (
    IssueRefused,
    already_in_force,
    dated,
    lock_numbers,
    next_serial,
    number_taken,
    print_and_store,
    worded,
)
from tsunagu.certificates.wording import template_of
from tsunagu.engines.rendering.certificate import certificates_pdf, set_sheet
from tsunagu.engines.rendering.typesetting import NotTypeset
from tsunagu.files.services import FileNotTaken, store_file
from tsunagu.outbox.jobs import put_job
from tsunagu.registry.kinds import Status
from tsunagu.registry.models import Designation, Round
from tsunagu.sharing.viewer import Viewer

PRINT_RUN = "certificates.print_run"
PAGES_A_STEP = 20


@dataclass
class Planned:
    """One certificate that would be issued: `stops` keep it from being issued, `remarks` are for a person to weigh."""

    designation: Designation
    certificate: Certificate | None
    stops: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def plan(*, its_round: Round, issued_on: date, awarded_on: date | None = None) -> list[Planned]:
    """What issuing a round would print, in the order of the numbers. Nothing is stored."""
    designations = list(
        Designation.objects.filter(round=its_round)
        .select_related("lab__region", "round")
        .order_by("lab__region__code", "lab__slug", "pk")
    )
    known = {
        one.designation_id: one
        for one in Certificate.objects.filter(
            designation__in=designations, kind=Kind.DESIGNATION, superseded_by=None, revoked_on=None
        )
    }
    template = template_of(its_round.scheme)
    serial = next_serial(Kind.DESIGNATION, its_round.scheme, its_round.pk)
    rows: list[Planned] = []
    for designation in designations:
        if one := known.get(designation.pk):
            rows.append(Planned(designation, None, stops=[already_in_force(one)]))
            continue
        certificate = dated(
            worded(designation, template, serial=serial), issued_on=issued_on, awarded_on=awarded_on
        )
        rows.append(Planned(designation, certificate))
        serial += 1
    _look_for_problems(rows)
    return rows


def _look_for_problems(rows: Sequence[Planned]) -> None:
    ready = [(row, row.certificate) for row in rows if row.certificate]
    names = Counter(certificate.holder for _row, certificate in ready)
    of_today = facts([row.designation for row, _certificate in ready], on=timezone.localdate())
    taken = set(
        Certificate.objects.filter(number__in=[one.number for _row, one in ready]).values_list(
            "number", flat=True
        )
    )
    for row, certificate in ready:
        if certificate.number in taken:
            row.stops.append(number_taken(certificate.number))
        lab = row.designation.lab
        if not lab.name:
            row.remarks.append(
                _("ラボの名称が登録されていません。地域の名称「%(name)s」を印刷します。")
                % {"name": lab.region.name}
            )
        if names[certificate.holder] > 1:
            row.remarks.append(_("同じ名称の選定証がほかにもあります。取り違えにご注意ください。"))
        if of_today[row.designation.pk].status in {Status.ENDED, Status.MOVED}:
            row.remarks.append(_("すでに終了か移行した選定です。"))
        if missing := set_sheet(sheet_of(certificate)).missing:
            row.remarks.append(
                _("書体にない文字があり、符号か普通の形で印刷されます: %(letters)s")
                % {"letters": "、".join(missing)}
            )
    _look_at_pages(ready)


def _look_at_pages(ready: Sequence[tuple[Planned, Certificate]]) -> None:
    """Mark those that do not fit one page; each alone only when all together do not."""
    if not ready or _fits([certificate for _row, certificate in ready]):
        return
    for row, certificate in ready:
        if not _fits([certificate]):
            row.stops.append(_("1ページに収まりません。文面か名称を短くしてください。"))


def _fits(certificates: Sequence[Certificate]) -> bool:
    try:
        certificates_pdf([sheet_of(one) for one in certificates], title="-")
    except NotTypeset:
        return False
    return True


@transaction.atomic
def issue_round(*, its_round: Round, issued_on: date, awarded_on: date | None, by: Viewer) -> IssueRun:
    """Number every certificate of a round that can be issued, and queue their printing. Raises `IssueRefused`.

    Any stop but a certificate already in force refuses the whole: numbers once given are never given again.
    """
    lock_numbers(Kind.DESIGNATION, its_round.scheme, its_round.pk)
    rows = plan(its_round=its_round, issued_on=issued_on, awarded_on=awarded_on)
    ready = [row for row in rows if row.certificate is not None]
    if broken := [str(row.designation.lab) for row in ready if row.stops]:
        raise IssueRefused(_("先に直すところがあります: %(labs)s") % {"labs": "、".join(broken)})
    if not ready:
        raise IssueRefused(_("この弾に、これから発行する選定証はありません。"))
    run = IssueRun.objects.create(
        round=its_round, started_by_id=by.person_id, started_by_label=by.display_name[:100]
    )
    for one in (row.certificate for row in ready if row.certificate):
        one.run, one.issued_by_label = run, by.display_name[:100]
    Certificate.objects.bulk_create(row.certificate for row in ready if row.certificate)
    put_job(task=PRINT_RUN, run_id=run.pk)
    return run


def print_run(*, run_id: int) -> None:
    """Print what a run has not printed yet, a few at a time, then all in one file. Begun again, it goes on.

    What cannot be printed stops the run and is written down for the secretariat.
    """
    try:
        while _print_some(run_id):
            pass
        _put_together(run_id)
    except (IssueRefused, NotTypeset, FileNotTaken) as problem:
        _write_problem(run_id, str(problem))
    except Exception:
        _write_problem(
            run_id, _("思わぬ理由で止まりました。続きから始めても直らなければ、管理者に知らせてください。")
        )
        raise


def _write_problem(run_id: int, problem: str) -> None:
    IssueRun.objects.filter(pk=run_id).update(problem=problem)


@transaction.atomic
def _print_some(run_id: int) -> bool:
    """Print the next few; whether there were any."""
    waiting = list(
        Certificate.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(run_id=run_id, stored_file=None)
        .order_by("serial")[:PAGES_A_STEP]
    )
    for one in waiting:
        print_and_store(one)
    return bool(waiting)


@transaction.atomic
def _put_together(run_id: int) -> None:
    run = IssueRun.objects.select_for_update(of=("self",)).select_related("round").get(pk=run_id)
    if run.finished_at or run.certificates.filter(stored_file=None).exists():
        return
    sheets = [sheet_of(one) for one in run.certificates.order_by("serial")]
    title = f"選定証 {run.round.get_scheme_display()} 第{run.round.number}弾"
    data = certificates_pdf(sheets, title=title)
    upload = SimpleUploadedFile(f"{title}.pdf".replace(" ", "_"), data, "application/pdf")
    run.together = store_file(upload=upload, by_label=run.started_by_label)
    run.finished_at, run.problem = timezone.now(), ""
    run.save(update_fields=["together", "finished_at", "problem"])


@transaction.atomic
def try_again(*, run: IssueRun) -> None:
    """Queue a run that stopped once more."""
    IssueRun.objects.filter(pk=run.pk, finished_at=None).update(problem="")
    put_job(task=PRINT_RUN, run_id=run.pk)
