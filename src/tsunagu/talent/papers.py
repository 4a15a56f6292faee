"""The final report as a paper: the same numbers and words as the page."""

from datetime import UTC

from django.utils.translation import gettext as _

from tsunagu.engines.dates import both_calendars
from tsunagu.engines.rendering.documents import Block, Document, Heading, Pairs, Paragraph, Table
from tsunagu.surveys.showing import hidden
from tsunagu.talent.models import Edition
from tsunagu.talent.selectors.report import Question, Report, Told


def report_document(edition: Edition, report: Report) -> Document:
    """The report of an edition that was published."""
    assert edition.reported_at is not None
    blocks: list[Block] = [Paragraph(edition.report), Heading(_("数で見る"), 2), Pairs(_numbers(report))]
    if report.told:
        blocks.append(Heading(_("チームと成果"), 2))
        for told in report.told:
            blocks += _team(told)
    for side, questions in report.questions:
        if questions:
            blocks.append(Heading(_("アンケート（%(side)s）") % {"side": side}, 2))
            blocks += [_question(one) for one in questions]
    return Document(
        title=_("%(edition)s 最終報告") % {"edition": edition},
        lead=[edition.get_outcome_type_display(), both_calendars(edition.reported_at.date())],
        blocks=blocks,
        footer=str(edition),
        made_at=edition.reported_at.astimezone(UTC),
    )


def _numbers(report: Report) -> list[tuple[str, str]]:
    return [
        (_("参加したデジタル人材"), str(report.talents)), (_("参加した会社"), str(report.companies)),
        (_("始まったチーム"), str(report.teams)), (_("終わったチーム"), str(report.done)), (_("途中でやめたチーム"), str(report.stopped)),
        *[(_("目標が「%(label)s」") % {"label": label}, str(count)) for label, count in report.reached],
        (_("DX認定を申請した会社"), str(report.filed)), (_("DX認定を受けた会社"), str(report.granted)),
        (_("事務局が確かめた成果"), str(report.verified)), (_("このあとも仕事を続けるチーム"), str(report.going_on)),
    ]  # fmt: skip


def _team(told: Told) -> list[Block]:
    blocks: list[Block] = [Heading(told.team.brief.title, 3)]
    if told.name:
        blocks.append(Paragraph(told.name))
    if told.outcome is not None:
        blocks.append(Paragraph(told.outcome.told))
        if told.outcome.learned:
            blocks.append(Paragraph(_("うまくいかなかったこと: %(text)s") % {"text": told.outcome.learned}))
    return blocks


def _question(one: Question) -> Table:
    headings = [_("答え"), *[label for label, _result in one.points]]
    rows = [[_("答えた人"), *[_said(result.answered) for _label, result in one.points]]]
    rows += [[label, *map(_said, counts)] for label, counts in one.rows]
    return Table(headings, rows, caption=one.label)


def _said(number: object) -> str:
    return hidden() if number is None else str(number)
