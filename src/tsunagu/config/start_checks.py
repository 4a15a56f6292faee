"""A web process or worker does not start on a weak configuration."""

import sys

from django.core.checks import CheckMessage, Tags, run_checks
from django.core.checks.registry import registry


def refuse_weak_start() -> None:
    """Say all that is wrong and end; returns when nothing is. Needs Django to be set up."""
    wrong = [*_of_the_configuration(), *run_checks(tags=["database"], databases=["default"])]
    serious = [one for one in wrong if one.is_serious()]
    if not serious:
        return
    sys.stderr.write("設定が弱いため、起動しません。\n")
    for one in serious:
        sys.stderr.write(f"- {one.msg} → {one.hint or ''} ({one.id})\n")
    sys.exit(1)


def _of_the_configuration() -> list[CheckMessage]:
    """All checks but those of addresses: these are the same whatever the configuration, `make test` looks at them, and
    walking through them would load in every process what it may never be asked for."""
    checks = [one for one in registry.get_checks() if not {Tags.urls, Tags.database} & set(one.tags)]
    return [wrong for check in checks for wrong in check(app_configs=None, databases=None)]
