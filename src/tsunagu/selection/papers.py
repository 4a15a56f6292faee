"""Papers about an application: what was sent, and the reasoned decision with names blacked out where asked."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.engines.rendering.documents import Block, Document, Heading, Notice, Pairs, Paragraph, Table, pdf
from tsunagu.questionnaires.printing import sheet_blocks
from tsunagu.selection.models import Application, Submission
from tsunagu.selection.telling import when_words

BLACK = "■"


def pdf_response(document: Document, name: str) -> HttpResponse:
    """A document as a download."""
    response = HttpResponse(pdf(document), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def submission_document(application: Application, submission: Submission) -> Document:
    """What was sent: number, second, files with hashes, then every answer as the check page shows it."""
    lead: list[tuple[str, str]] = [
        (_("受付番号"), application.number),
        (_("受け取った日時"), f"{when_words(submission.received_at)}（日本時間）"),
        (_("提出した人"), str(submission.sent_by)),
        (_("提出の回"), str(submission.number)),
        (_("内容のハッシュ値（SHA-256）"), submission.snapshot.digest),
    ]
    blocks: list[Block] = [Pairs(lead)]
    if submission.files:
        rows = [(one["field"], one["name"], f"{one['size']:,}", one["sha256"]) for one in submission.files]
        blocks.append(
            Table([_("欄"), _("ファイル"), _("バイト"), "SHA-256"], rows, caption=_("添付ファイル"))
        )
    blocks += sheet_blocks(submission.snapshot.definition, submission.snapshot.answers)
    return Document(
        title=str(application),
        blocks=blocks,
        number=application.number,
        footer=str(application.call),
        made_at=submission.received_at,
    )


def blacked(text: str) -> str:
    """The text with every character covered: what is not to be shown is not in the file at all."""
    return "".join(one if one.isspace() else BLACK for one in text)


def covered(blocks: Iterable[Block], names: Iterable[str]) -> list[Block]:
    """Blocks with every one of the names covered, wherever it stands."""
    wanted = sorted({one for one in names if one.strip()}, key=len, reverse=True)

    def hide(text: str) -> str:
        for one in wanted:
            text = text.replace(one, blacked(one))
        return text

    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append(Paragraph(hide(block.text)))
        elif isinstance(block, Heading):
            found.append(Heading(hide(block.text), block.level))
        elif isinstance(block, Notice):
            found.append(Notice(hide(block.text)))
        elif isinstance(block, Pairs):
            found.append(Pairs([(hide(label), hide(value)) for label, value in block.rows]))
        elif isinstance(block, Table):
            rows = [[hide(cell) for cell in row] for row in block.rows]
            found.append(Table(block.headings, rows, caption=hide(block.caption)))
        else:
            found.append(block)
    return found


def moment_words(moment: object) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S") if moment else ""  # type: ignore[arg-type]
