"""A worker that only shows pages carries nothing of the solvers, typesetters and interfaces it does not use."""

import os
import subprocess
import sys

HEAVY = {
    "python_calamine", "pyrage", "stdnum", "numpy", "ortools", "highspy", "xlsxwriter", "typst", "zxingcpp", "icalendar", "rapidfuzz", "tantivy", "sudachipy",
    "ninja", "pydantic", "cryptography", "fido2", "jwt", "requests",
}  # fmt: skip
LOOK = """
import sys, django
django.setup()
from django.urls import reverse, resolve
resolve(reverse("portal:top")), resolve(reverse("office:home"))
print(*sys.modules)
from tsunagu.engines.matching import solve
print(reverse("api:contents"), resolve("/api/v1/").view_name)
"""


def test_pages_do_without_what_they_do_not_use() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tsunagu.config.settings", "TSUNAGU_MODE": "local"}
    environment.pop("TSUNAGU_OIDC_PROVIDERS", None)
    done = subprocess.run(
        [sys.executable, "-c", LOOK], env=environment, capture_output=True, text=True, check=True
    )
    loaded, api = done.stdout.splitlines()
    assert HEAVY & {one.split(".")[0] for one in loaded.split()} == set()
    assert api == "/api/v1/ api:contents", "the interface is there for whoever asks"
