"""Papers: the recommendation just as the company agreed to it, and what a lab hands to a company about DX認定."""

from datetime import UTC, datetime, time

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.engines.dates import both_calendars
from tsunagu.engines.rendering.documents import Block, Document, Heading, Notice, Pairs, Paragraph, Table, pdf
from tsunagu.recommending.models import Company, Consent, Recommendation
from tsunagu.recommending.selectors import Overview, PartSeen
from tsunagu.recommending.wording import Line


def pdf_response(document: Document, name: str) -> HttpResponse:
    """A document as a download."""
    response = HttpResponse(pdf(document), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def slip_document(one: Recommendation, lines: list[Line], consent: Consent) -> Document:
    """The recommendation as it goes out: the lines agreed to, who agreed, and the digest of just this text."""
    when = f"{timezone.localtime(consent.answered_at):%Y-%m-%d %H:%M}" if consent.answered_at else ""
    blocks: list[Block] = [Pairs([(each.label, each.text) for each in lines])]
    if one.pledge.strip() and one.pledged_at:
        blocks.append(
            Pairs([(_("宣言した人"), one.pledged_by_label), (_("宣言した日時"), f"{timezone.localtime(one.pledged_at):%Y-%m-%d %H:%M}")])
        )  # fmt: skip
    blocks += [
        Heading(_("会社の同意"), 2),
        Pairs([(_("同意した人"), consent.name), (_("同意した日時"), when), (_("内容のハッシュ値（SHA-256）"), consent.digest)]),
    ]  # fmt: skip
    return Document(
        title=_("推薦書"),
        lead=[str(one.edition), str(one.company), str(one.company.lab)],
        blocks=blocks,
        made_at=consent.answered_at,
    )


def companion_document(company: Company, seen: Overview) -> Document:
    """The five parts with what would be sent back, for the company to act on."""
    left = list(seen.all_defects())
    state = (
        _("直すところは見つかっていません。申請の前に、公開の案内で最新の求めを確かめてください。")
        if seen.is_ready
        else _("直すところが%(count)d件あります。") % {"count": len(left)}
    )
    blocks: list[Block] = [Notice(state)]
    headings = [
        _("柱"),
        _("文を書いた"),
        _("公表した"),
        _("ページが開いた"),
        _("機関で決めた"),
        _("直すところ"),
    ]
    rows = [
        (
            f"{int(one.number)}. {one.number.label}",
            *[words for _look, words in one.marks],
            str(len(one.defects)),
        )
        for one in seen.parts
    ]
    blocks.append(Table(headings, rows, caption=_("確かめる表")))
    for part in seen.parts:
        blocks += _part_blocks(part)
    if seen.together:
        blocks.append(Heading(_("全体について"), 2))
        blocks += [Paragraph(f"{one.message}{one.mend}") for one in seen.together]
    return Document(
        title=_("DX認定の準備"),
        lead=[str(company), str(company.lab), both_calendars(timezone.localdate())],
        blocks=blocks,
        footer=str(company),
        # The day stands on it, so the same parts give the same paper all that day.
        made_at=datetime.combine(timezone.localdate(), time.min, UTC),
    )


def _part_blocks(seen: PartSeen) -> list[Block]:
    blocks: list[Block] = [Heading(f"{int(seen.number)}. {seen.number.label}", 2)]
    part = seen.part
    if part is not None:
        blocks.append(Paragraph(part.text or _("（まだ書かれていません）")))
        rows = [
            (_("公表したものの名前"), part.document_name), (_("公表手段"), part.get_means_display()), (_("ページのURL"), part.address),
            (_("掲載先"), part.place), (_("公表日"), both_calendars(part.published_on) if part.published_on else ""),
            (_("決めた機関"), part.decided_by), (_("決めた日"), both_calendars(part.decided_on) if part.decided_on else ""),
        ]  # fmt: skip
        if seen.look:
            looked = f"{seen.look.get_outcome_display()}（{timezone.localtime(seen.look.looked_at):%Y-%m-%d %H:%M}）"
            rows.append((_("ページの確認"), looked))
        blocks.append(Pairs([row for row in rows if row[1]]))
    if seen.defects:
        rows_of = [(one.message, one.mend) for one in seen.defects]
        blocks.append(Table([_("直すところ"), _("直し方")], rows_of, caption=_("直すところ")))
    return blocks
