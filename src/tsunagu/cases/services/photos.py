"""Photos of a case."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from tsunagu.cases.models import Case, CasePhoto
from tsunagu.cases.rules import NotAllowed
from tsunagu.cases.services.writing import look_at_consent, writable
from tsunagu.engines.uploads.images import image_size
from tsunagu.files.services import store_file
from tsunagu.sharing.viewer import Viewer

MOST_PHOTOS = 6


@transaction.atomic
def add_photo(
    *, case: Case, upload: UploadedFile, alt: str, caption: str, people_agreed: bool, by: Viewer
) -> CasePhoto:
    """Keep a photo with its words. Raises `NotAllowed`, `files.services.FileNotTaken`."""
    one = writable(case, by)
    if not people_agreed:
        raise NotAllowed(_("写っている人の同意を確かめてください。同意がない写真は載せられません。"))
    if not alt.strip():
        raise NotAllowed(
            _("写っているものを言葉で書いてください。写真を見られない人は、その言葉で内容を知ります。")
        )
    if one.photos.count() >= MOST_PHOTOS:
        raise NotAllowed(_("写真は6枚までです。1枚外してから加えてください。"))
    if not (upload.name or "").lower().endswith((".jpg", ".jpeg", ".png")):
        raise NotAllowed(_("写真は JPEG か PNG にしてください。"))
    upload.seek(0)
    width, height = image_size(upload.read())
    upload.seek(0)
    stored = store_file(upload=upload, by_label=by.display_name)
    made = CasePhoto.objects.create(
        case=one, stored_file=stored, alt=alt.strip(), caption=caption.strip(), people_agreed=True, width=width,
        height=height,
    )  # fmt: skip
    look_at_consent(one)
    return made


@transaction.atomic
def remove_photo(*, photo: CasePhoto, by: Viewer) -> None:
    """Take a photo away; its file goes with the nightly sweep. Raises `NotAllowed`."""
    one = writable(photo.case, by)
    stored = photo.stored_file
    photo.delete()
    stored.delete()
    look_at_consent(one)
