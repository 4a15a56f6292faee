"""The reasoned-decision file: one paper per case, for requests under the disclosure law, blacked out by rule.

Source of what may be covered: 行政機関の保有する情報の公開に関する法律 第5条 (persons, bodies, deliberations).
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tsunagu.engines.rendering.documents import Block, Document, Heading, Notice, Pairs, Paragraph, Table
from tsunagu.selection.models import Application
from tsunagu.selection.papers import BLACK, blacked, covered, moment_words
from tsunagu.selection.reviews import decision_blocks
from tsunagu.sharing.viewer import Viewer

COVERS = [
    ("people", gettext_lazy("人の名前（申請した人、審査員、事務局の担当）")),
    ("inner", gettext_lazy("内部の理由と合議のコメント")),
    ("bodies", gettext_lazy("申請者とラボの名前")),
]


def document(application: Application, viewer: Viewer, *, cover: Iterable[str] = ()) -> Document:
    """The paper; `cover` names what is blacked out (see `COVERS`)."""
    chosen = {one for one in cover if one in dict(COVERS)}
    people = [application.owner.name]
    blocks: list[Block] = [Pairs(_facts(application)), *_decision(application, hide_inner="inner" in chosen)]
    more, names = decision_blocks(application, viewer)
    blocks += more
    people += names
    more, names = _agreement(application, hide_inner="inner" in chosen)
    blocks += [*more, *_timeline(application)]
    people += [*names, *application.timeline.exclude(by_label="").values_list("by_label", flat=True)]
    names = [one for one in people if one != _("制度の事務局")] if "people" in chosen else []
    if "bodies" in chosen:
        names += [application.title, application.applicant]
    if chosen:
        said = "、".join(str(label) for key, label in COVERS if key in chosen)
        blocks.insert(
            0, Notice(_("%(black)s は伏せた部分です: %(said)s") % {"black": BLACK * 3, "said": said})
        )
    title = blacked(str(application)) if "bodies" in chosen else str(application)
    return Document(
        title=_("判断の理由書 %(title)s") % {"title": title},
        blocks=covered(blocks, names),
        number=application.number,
        footer=_("判断の理由書"),
    )


def _facts(application: Application) -> list[tuple[str, str]]:
    return [
        (_("受付番号"), application.number),
        (_("ラボの名称"), application.title),
        (_("申請者"), application.applicant),
        (_("地域"), application.region_name),
        (_("公募"), str(application.call)),
        (_("提出した日時"), moment_words(application.submitted_at)),
        (_("状態"), application.get_state_display()),
        (_("要件の確認"), "、".join([*application.reasons, application.screening_note]) or _("満たしている")),
    ]


def _decision(application: Application, *, hide_inner: bool) -> list[Block]:
    decision = getattr(application, "decision", None)
    if decision is None:
        return []
    reason = blacked(decision.reason) if hide_inner else decision.reason
    blocks: list[Block] = [
        Heading(_("判断")),
        Pairs(
            [
                (_("判断"), decision.get_outcome_display()),
                (_("理由"), reason),
                (_("申請者に伝えた講評"), decision.feedback),
            ]
        ),
    ]
    conditions = [(one.text, str(one.due_on), str(one.met_on or "")) for one in application.conditions.all()]
    if conditions:
        blocks.append(Table([_("条件"), _("期日"), _("満たした日")], conditions))
    return blocks


def _agreement(application: Application, *, hide_inner: bool) -> tuple[list[Block], list[str]]:
    decision = getattr(application, "decision", None)
    if decision is None or decision.batch is None:
        return [], []
    steps = list(decision.batch.concurrences.select_related("person"))
    rows = [
        (
            str(one.person),
            one.get_opinion_display(),
            blacked(one.comment) if hide_inner else one.comment,
            moment_words(one.answered_at),
        )
        for one in steps
    ]
    names = [str(one.person) for one in steps]
    if decision.batch.applied_by:
        names.append(str(decision.batch.applied_by))
    applied = Paragraph(
        _("決定: %(when)s %(who)s、公表: %(hour)s")
        % {
            "when": moment_words(decision.batch.applied_at),
            "who": decision.batch.applied_by or "",
            "hour": moment_words(decision.batch.announce_at),
        }
    )
    table: list[Block] = [Table([_("合議した人"), _("意見"), _("コメント"), _("日時")], rows)] if rows else []
    return [Heading(_("合議と決定")), *table, applied], names


def _timeline(application: Application) -> list[Block]:
    rows = [(moment_words(one.at), one.words, one.by_label, one.detail) for one in application.timeline.all()]
    return [Heading(_("経過")), Table([_("日時"), _("できごと"), _("だれが"), _("説明")], rows)]
