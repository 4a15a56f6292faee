"""Lists of cases from CSV or Excel: a dry run first, every error at once, all or nothing; the same list again changes nothing.

Rows are checked by the form people fill in, so that a list and the page know the same rules.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tsunagu.cases.forms import CaseForm
from tsunagu.cases.models import About, Case, CaseField, CaseImport, CostBand, Industry, Stage
from tsunagu.cases.rules import NotAllowed
from tsunagu.cases.services.writing import WRITABLE, keep_case, start_case
from tsunagu.engines.textsearch.folding import fold
from tsunagu.registry.importing.outcome import OUTCOME, note_outcome
from tsunagu.registry.importing.plan import Plan
from tsunagu.registry.importing.sheet import Column, RowError, Sheet, read_sheet, shape_errors
from tsunagu.registry.models import Lab, LocalGovernment, Policy
from tsunagu.registry.models.imports import ImportState
from tsunagu.sharing.viewer import Viewer

COLUMNS = (
    Column("title", "題名", ("事例名", "タイトル"), required=True),
    Column("origin_key", "自分の一覧での番号", ("管理番号", "番号", "No")),
    Column("about", "何の事例か", ("種類",)),
    Column("company", "会社・団体の名前", ("企業名", "会社名")),
    Column("prefecture", "都道府県", ("都道府県名",)),
    Column("industry", "業種"),
    Column("field", "分野"),
    Column("summary", "ひとことで", ("概要",)),
    Column("problem", "困っていたこと", ("課題",)),
    Column("approach", "したこと・工夫", ("取組内容", "したこと")),
    Column("technology_lines", "使った技術", ("技術",)),
    Column("began_on", "始めた時期", ("開始時期",)),
    Column("months", "かかった月数", ("期間（月）",)),
    Column("staff", "関わった人"),
    Column("cost", "費用"),
    Column("policies", "使った施策"),
    Column("stage", "いまの段階", ("段階",)),
    Column("stopped_why", "中止した理由"),
    Column("outcome", "成果"),
    Column("result_lines", "成果の数"),
    Column("failed", "うまくいかなかったこと"),
    Column("conditions", "ほかで使うときの条件"),
    Column("frankly", "ラボだけに話すこと"),
    Column("contact", "聞ける相手"),
    Column("source", "出典"),
)
LABELS = {one.key: one.label for one in COLUMNS}
MOST_ROWS = 2000


@dataclass(frozen=True)
class _Words:
    """What people write for a code, folded, and the code."""

    about: dict[str, str]
    cost: dict[str, str]
    stage: dict[str, str]
    industry: dict[str, str]
    field: dict[str, str]
    prefecture: dict[str, str]
    policies: dict[str, str]


def _choices(choices: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    return {fold(str(word)): str(code) for code, label in choices for word in (code, label)}


def _words() -> _Words:
    def coded(found: Iterable[Any]) -> dict[str, str]:
        return {fold(word): str(one.pk) for one in found for word in (one.code, one.name)}

    return _Words(
        about=_choices(About.choices),
        cost=_choices(CostBand.choices),
        stage=_choices(Stage.choices),
        industry=coded(Industry.objects.all()),
        field=coded(CaseField.objects.all()),
        prefecture={
            fold(word): one.lg_code for one in LocalGovernment.objects.filter(prefecture=None) for word in (one.name, one.lg_code)
        },
        policies=coded(Policy.objects.all()),
    )  # fmt: skip


class _Row:
    """One row on its way to a case."""

    def __init__(self, number: int, cells: dict[str, str], words: _Words) -> None:
        self.number, self.cells, self.words = number, cells, words
        self.errors: list[RowError] = []

    def fault(self, key: str, message: str, mend: str) -> None:
        self.errors.append(RowError(self.number, LABELS.get(key, ""), self.cells.get(key, ""), message, mend))

    @property
    def key(self) -> str:
        """What a later list knows the case by: the lab's own number, else the title."""
        return (self.cells.get("origin_key") or self.cells["title"])[:100]

    def _code(self, key: str, default: str = "") -> str:
        written = self.cells.get(key, "")
        known: dict[str, str] = getattr(self.words, key)
        if not written:
            return default
        if fold(written) not in known:
            self.fault(
                key, _("使えない言葉です。"), _("「事例を書く」の画面にある言葉か、記号で書いてください。")
            )
            return default
        return known[fold(written)]

    def data(self, case: Case) -> dict[str, Any]:
        """The cells as the form takes them; what the list has no column for stays as it is."""
        data = CaseForm(instance=case).as_data() if case.pk else {}
        data |= {key: value for key, value in self.cells.items() if key != "origin_key"}
        data |= {key: self._code(key, default) for key, default in self._defaults(case).items()}
        if "policies" in self.cells or not case.pk:
            data["policies"] = self._policies()
        if "result_lines" in self.cells:
            data["result_lines"] = self.cells["result_lines"].replace("／／", "\n")
        data["version"] = case.version
        return data

    def _defaults(self, case: Case) -> dict[str, str]:
        """The codes to be read, with what an empty cell means; of a known case those of the list's columns only."""
        every = {
            "about": "company", "stage": "done", "cost": "", "industry": "", "field": "",
            "prefecture": case.prefecture_id or "",
        }  # fmt: skip
        return {key: default for key, default in every.items() if key in self.cells or not case.pk}

    def _policies(self) -> list[str]:
        written = [
            one.strip()
            for one in self.cells.get("policies", "").replace("\n", "、").split("、")
            if one.strip()
        ]
        unknown = [one for one in written if fold(one) not in self.words.policies]
        if unknown:
            self.fault("policies", _("登録のない施策です: %(names)s") % {"names": "、".join(unknown)},
                       _("「使える施策」のページにある名前か記号を、「、」で区切って書いてください。"))  # fmt: skip
        return [self.words.policies[fold(one)] for one in written if fold(one) in self.words.policies]


def _case_of(row: _Row, lab: Lab) -> Case:
    """The case a row is about, or a new one, not yet stored."""
    known = Case.objects.filter(lab=lab, origin_key=row.key).first()
    return known or Case(lab=lab, origin_key=row.key, prefecture=lab.region.prefecture, version=1)


def _take(row: _Row, lab: Lab, plan: Plan, *, by: Viewer, apply: bool) -> None:
    case = _case_of(row, lab)
    is_new = case.pk is None
    form = CaseForm(row.data(case), instance=case)
    if not form.is_valid():
        for name, texts in form.errors.items():
            for text in texts:
                row.fault(name, str(text), _("この列を直してください。"))
    differs = is_new or form.has_changed()
    if differs and not is_new and case.state not in WRITABLE:
        row.fault(
            "title",
            _("編集者に渡したか、公開している事例です。"),
            _("この行を一覧から外すか、画面で直してください。"),
        )
    if row.errors:
        plan.errors += row.errors
        return
    labels = [str(form.fields[name].label) for name in form.changed_data if name in form.fields]
    plan.count(row.number, row.cells["title"], is_new=is_new, differences=labels if differs else [])
    if apply and differs:
        _store(form, case, lab, row.key, by=by)


def _store(form: CaseForm, case: Case, lab: Lab, key: str, *, by: Viewer) -> None:
    if case.pk is None:
        made = start_case(lab=lab)
        Case.objects.filter(pk=made.pk).update(origin_key=key)
        made.refresh_from_db()
        form = CaseForm({**form.data, "version": made.version}, instance=made)
        form.full_clean()
    given = form.cleaned_data
    keep_case(
        form.filled(), inner=form.inner, results=given["result_lines"], policies=list(given["policies"]), by=by,
        seen=given["version"],
    )  # fmt: skip


def _run(sheet: Sheet, lab: Lab, *, by: Viewer, apply: bool) -> Plan:
    """What the list would do, or does. Nothing is stored when there is any error."""
    plan, words, seen = Plan(), _words(), dict[str, int]()
    plan.errors += shape_errors(sheet.table)
    if sheet.ignored:
        plan.notes.append(
            _("次の列は使いません: %(names)s。見出しが違うだけなら、直してください。")
            % {"names": "、".join(sheet.ignored)}
        )
    rows = [_Row(number, {"title": "", **cells}, words) for number, cells in sheet.rows()]
    if len(rows) > MOST_ROWS:
        row = rows[MOST_ROWS]
        row.fault("", _("1度に取り込めるのは2,000行までです。"), _("ファイルを分けてください。"))
        plan.errors += row.errors
        return plan
    for row in rows:
        plan.rows += 1
        if not row.cells["title"]:
            row.fault("title", _("題名が空欄です。"), _("題名を入れてください。"))
        first = seen.setdefault(row.key, row.number)
        if first != row.number:
            row.fault(
                "origin_key",
                _("%(row)s行目と同じ事例です。") % {"row": first},
                _("どちらかの行を消してください。"),
            )
        _take(row, lab, plan, by=by, apply=apply)
    return plan


class _Undone(Exception):
    """Ends a dry run."""


def _tried(sheet: Sheet, lab: Lab, *, by: Viewer, apply: bool) -> Plan:
    """Store every row; take it all back unless it is meant and without a fault."""
    plan = Plan()
    try:
        with transaction.atomic():
            plan = _run(sheet, lab, by=by, apply=apply)
            if plan.errors or not apply:
                raise _Undone
    except _Undone:
        pass
    return plan


@transaction.atomic
def check_list(*, lab: Lab, by: Viewer, file_name: str, content: bytes) -> CaseImport:
    """Dry run of a list; the result is kept to look at and apply. Raises `registry.importing.sheet.SheetRefused`."""
    sheet = read_sheet(content, file_name, COLUMNS)
    batch = CaseImport(lab=lab, file_name=file_name[:255], content=content, uploaded_by_id=by.person_id)
    plan = _tried(sheet, lab, by=by, apply=False)
    note_outcome(batch, plan, ImportState.CHECKED)
    batch.save()
    return batch


@transaction.atomic
def apply_list(*, batch: CaseImport, by: Viewer) -> CaseImport:
    """Store a checked list, checked anew against the cases as they are now; once only. Raises `NotAllowed`."""
    one = CaseImport.objects.select_for_update(of=("self",)).select_related("lab__region").get(pk=batch.pk)
    if one.state != ImportState.CHECKED:
        raise NotAllowed(_("この一覧は、もう取り込んだか、誤りがあります。"))
    sheet = read_sheet(bytes(one.content), one.file_name, COLUMNS)
    plan = _tried(sheet, one.lab, by=by, apply=True)
    note_outcome(one, plan, ImportState.APPLIED)
    one.save(update_fields=OUTCOME)
    return one
