"""Cases of the walk: a published one with a part for labs only, a draft, and a company's question."""

import base64
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

TENDED = {
    "cases:desk": "case_draft",
    "cases:edit": "case_draft",
    "cases:autosave": "case_draft",
    "cases:act": "case_draft",
    "cases:photos": "case_draft",
    "cases:remove_photo": "case_photo",
    "cases:import": "case_import",
    "cases:apply": "case_import",
    "cases:errors": "case_import",
}
FOR_SECRETARIAT = {"cases:decide": "case_draft", "cases:changes": "case_draft"}
FOR_ALL = {
    "case_pages:case": "case_public", "case_pages:photo": "case_photo", "case_pages:feed": "case_feed", "cases:choose_lab": "case_public",
    "cases:consent": "case_consent",
    "cases:consent_photo": "case_consent_photo",
}  # fmt: skip
NO_OTHER_LAB = {"cases:try": "case_tried"}


def make_cases(where: str, lab: Any) -> tuple[dict[str, Any], dict[str, tuple[str, Any]]]:
    """The keys of the addresses, and what not everybody reads."""
    from tsunagu.cases import importing
    from tsunagu.cases.models import Case, CaseField, CaseImport, CaseInner, CasePhoto
    from tsunagu.cases.services import writing
    from tsunagu.files.services import store_file
    from tsunagu.sharing.viewer import Viewer

    staff = Viewer(roles=frozenset({"ipa"}))
    shown = writing.start_case(lab=lab)
    shown.title, shown.summary, shown.problem = f"公開の事例{where}", "ひとこと", "困りごと"
    shown.approach, shown.failed, shown.field = "したこと", "失敗", CaseField.objects.all()[0]
    shown.inner.frankly = f"事例内秘{where}"
    writing.keep_case(shown, inner=shown.inner, results=None, policies=None, by=staff, seen=None)
    writing.send_case(case=shown)
    writing.publish_case(case=shown)
    asked = writing.start_case(lab=lab)
    asked.company = "同意を待つ会社"
    writing.keep_case(asked, inner=asked.inner, results=None, policies=None, by=staff, seen=None)
    Case.objects.filter(pk=asked.pk).update(state="editing")
    other = store_file(upload=SimpleUploadedFile(f"c{where}.png", PIXEL), by_label="")
    asked_about = CasePhoto.objects.create(
        case=asked, stored_file=other, alt="写真", people_agreed=True, width=1, height=1
    )
    consent = writing.ask_consent(case=asked, name="担当", email="c@example.jp")
    draft = writing.start_case(lab=lab)
    Case.objects.filter(pk=draft.pk).update(title=f"下書秘{where}")
    stored = store_file(upload=SimpleUploadedFile(f"p{where}.png", PIXEL), by_label="")
    photo = CasePhoto.objects.create(
        case=shown, stored_file=stored, alt="写真", people_agreed=True, width=1, height=1
    )
    taken = importing.check_list(
        lab=lab, by=staff, file_name=f"事例表秘{where}.csv", content="題名\r\n一覧の事例\r\n".encode()
    )
    keys = {
        "case_photo": {"number": shown.number, "pk": photo.pk},
        "case_import": {"pk": taken.pk},
        "case_public": {"number": shown.number},
        "case_draft": {"number": draft.number},
        "case_feed": {"kind": "atom"},
        "case_consent": {"token": consent.token},
        "case_consent_photo": {"token": consent.token, "pk": asked_about.pk},
        "case_tried": {"number": shown.number, "slug": lab.slug},
    }
    texts = {
        f"事例内秘{where}": (
            "circle",
            lambda text: CaseInner.objects.filter(case=shown).update(frankly=text),
        ),
        f"事例表秘{where}": (
            "entry",
            lambda text: CaseImport.objects.filter(pk=taken.pk).update(file_name=text),
        ),
        f"下書秘{where}": ("entry", lambda text: Case.objects.filter(pk=draft.pk).update(title=text)),
    }
    return keys, texts
