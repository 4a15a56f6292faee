"""A web process or worker does not start on a weak configuration."""

import sys

from django.core.checks import run_checks


def refuse_weak_start() -> None:
    """Say all that is wrong and end; returns when nothing is. Needs Django to be set up."""
    wrong = [*run_checks(), *run_checks(tags=["database"], databases=["default"])]
    serious = [one for one in wrong if one.is_serious()]
    if not serious:
        return
    sys.stderr.write("設定が弱いため、起動しません。\n")
    for one in serious:
        sys.stderr.write(f"- {one.msg} → {one.hint or ''} ({one.id})\n")
    sys.exit(1)
