"""Where files lie: on the disk, or in any S3-compatible store named by the environment."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def file_storage(environment: Mapping[str, str]) -> dict[str, Any]:
    """Django's `STORAGES["default"]`.

    `TSUNAGU_S3_URL` is `https://key:secret@host[:port]/bucket`; without it files lie in `MEDIA_ROOT`.
    Raises `ImproperlyConfigured` when the address lacks a part.
    """
    url = environment.get("TSUNAGU_S3_URL")
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    parts = urlsplit(url)
    bucket = parts.path.strip("/")
    if not (parts.hostname and parts.username and parts.password and bucket):
        raise ImproperlyConfigured("TSUNAGU_S3_URL は https://鍵:秘密@ホスト/バケット の形にしてください。")
    port = f":{parts.port}" if parts.port else ""
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "endpoint_url": f"{parts.scheme}://{parts.hostname}{port}",
            "access_key": unquote(parts.username),
            "secret_key": unquote(parts.password),
            "bucket_name": bucket,
            "region_name": environment.get("TSUNAGU_S3_REGION", "ap-northeast-1"),
            # Never public, never overwritten: what is handed out goes through a view and its policy.
            "default_acl": "private",
            "querystring_auth": True,
            "file_overwrite": False,
            "signature_version": "s3v4",
            "addressing_style": "path",
        },
    }
