"""Which tables are watched: all of them, unless a reason is written down."""

from django.apps import apps
from django.conf import settings
from django.db import connection, models

# The application may read the history; only the triggers, which run with the owner's rights, add to it.
HISTORY_TABLES = ("history_act", "history_change", "history_seal")


def watched_models() -> list[type[models.Model]]:
    """Every model with a table of ours, except those `HISTORY_EXEMPT` gives a reason for."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.label not in settings.HISTORY_EXEMPT
        and model._meta.app_label not in settings.HISTORY_EXEMPT
    ]


def _columns(model: type[models.Model], kind: str) -> list[str]:
    """Columns a model declares as `history_secret`, `history_large` or `history_silent`."""
    names = getattr(model, f"history_{kind}", ())
    third_party = settings.HISTORY_THIRD_PARTY
    names = (*names, *third_party.get(model._meta.label, {}).get(kind, ()))
    return [getattr(model._meta.get_field(name), "column", name) for name in names]


def watch_everything() -> None:
    """(Re)attach the triggers to every watched table; without the history's own tables nothing happens."""
    tables = set(connection.introspection.table_names())
    if "history_change" not in tables:
        return
    with connection.cursor() as cursor:
        for model in watched_models():
            if model._meta.db_table not in tables:
                continue
            assert model._meta.pk is not None
            cursor.execute(
                "SELECT history_watch(%s::regclass, %s, %s, %s, %s)",
                [
                    connection.ops.quote_name(model._meta.db_table),
                    model._meta.pk.column,
                    *[_columns(model, kind) for kind in ("secret", "large", "silent")],
                ],
            )


def protect(role: str | None = None) -> None:
    """Give the application's database role what it needs, and take from it any change of the history.

    The role is `settings.DATABASE_APP_ROLE`; without it, or where it does not exist, nothing happens.
    """
    role = role or settings.DATABASE_APP_ROLE
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role])
        owner, exists = cursor.fetchone()
        if not role or not exists or role == owner:
            return
        name = connection.ops.quote_name(role)
        for right in (
            "USAGE ON SCHEMA public",
            "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public",
            "USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public",
            "EXECUTE ON ALL FUNCTIONS IN SCHEMA public",
        ):
            cursor.execute(f"GRANT {right} TO {name}")
        for table in ("django_migrations", *HISTORY_TABLES):
            cursor.execute(f"REVOKE ALL ON {table} FROM {name}")
            cursor.execute(f"GRANT SELECT ON {table} TO {name}")
        cursor.execute(f"REVOKE CREATE ON SCHEMA public FROM {name}, PUBLIC")
