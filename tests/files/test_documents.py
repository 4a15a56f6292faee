"""A lab's documents: stored before success is shown, handed out only to whom they are shared with."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tsunagu.files.models import StoredFile
from tsunagu.files.services import FileNotTaken, scrub_files, store_file, sweep_orphans
from tsunagu.registry.models import LabDocument

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
NEW = "/office/labs/410004/documents/new/"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return Path(settings.MEDIA_ROOT)


def pdf(name: str = "実施計画 髙橋.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def hand_in(client: Any, audience: str = "labs", **change: Any) -> Any:
    return client.post(NEW, {"title": "実施計画", "audience": audience, "file": pdf(), **change})


def test_handed_in_and_handed_out(client_of: Any) -> None:
    office = client_of("lab_office")
    assert hand_in(office).status_code == 302
    document = LabDocument.objects.select_related("stored_file").get()
    assert "実施計画 髙橋.pdf" not in document.stored_file.place
    answer = client_of("expert").get(reverse("office:document_file", args=[document.pk]))
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("audience", "role", "status"),
    [
        ("public", "public", 200),
        ("labs", "public", 404),
        ("labs", "company", 404),
        ("labs", "support_org", 200),
        ("region", "expert", 404),
        ("parties", "lab_member", 200),
        ("parties", "expert", 404),
        ("parties", "ipa", 200),
    ],
)
def test_a_file_exists_only_for_its_audience(client_of: Any, audience: str, role: str, status: int) -> None:
    hand_in(client_of("lab_office"), audience)
    document = LabDocument.objects.get()
    assert client_of(role).get(reverse("office:document_file", args=[document.pk])).status_code == status
    listed = client_of(role).get(reverse("office:documents", args=["410004"])).content.decode()
    assert ("実施計画" in listed) == (status == 200)


def test_a_refused_file_says_why_and_leaves_nothing(client_of: Any, media: Path) -> None:
    answer = hand_in(client_of("lab_office"), file=pdf("報告.pdf", b"MZ\x90"))
    assert answer.status_code == 422
    assert "中身が、名前の示す種類と違います" in answer.content.decode()
    assert not StoredFile.objects.exists()
    assert not media.exists()


def test_a_storage_that_fails_is_never_called_success(
    client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: Any, **_more: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    answer = hand_in(client_of("lab_office"))
    assert answer.status_code == 422
    assert "保存できませんでした。入力は残っています" in answer.content.decode()
    assert not LabDocument.objects.exists()


def test_a_storage_that_alters_is_noticed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.files.base import ContentFile

    kept = default_storage.save

    def altered(name: str, content: Any) -> str:
        return str(kept(name, ContentFile(content.read()[:-1])))

    monkeypatch.setattr(default_storage, "save", altered)
    with pytest.raises(FileNotTaken, match="送られたものと違いました"):
        store_file(upload=pdf(), by_label="x")


def test_what_is_missing_or_altered_later_is_found(db: None) -> None:
    sound, altered, missing = (store_file(upload=pdf(f"{number}.pdf"), by_label="x") for number in range(3))
    Path(default_storage.path(altered.place)).write_bytes(PDF[:-1] + b"!")
    Path(default_storage.path(missing.place)).unlink()
    found = scrub_files()
    assert (found.files, found.missing, found.altered) == (3, ["2.pdf"], ["1.pdf"])
    assert default_storage.exists(sound.place)


def test_files_without_a_record_are_swept(db: None) -> None:
    stored = store_file(upload=pdf(), by_label="x")
    orphan = store_file(upload=pdf(), by_label="x")
    StoredFile.objects.filter(pk=orphan.pk).delete()
    assert sweep_orphans() == 0, "its record may be about to be written"
    for place in (stored.place, orphan.place):
        os.utime(default_storage.path(place), (0, 0))
    assert sweep_orphans() == 1
    assert default_storage.exists(stored.place)
    assert not default_storage.exists(orphan.place)


def test_taken_away_with_its_file(client_of: Any, django_capture_on_commit_callbacks: Any) -> None:
    office = client_of("lab_office")
    hand_in(office)
    document = LabDocument.objects.select_related("stored_file").get()
    place = document.stored_file.place
    with django_capture_on_commit_callbacks(execute=True):
        office.post(reverse("office:remove_document", args=[document.pk]))
    assert not LabDocument.objects.exists()
    assert not default_storage.exists(place)
