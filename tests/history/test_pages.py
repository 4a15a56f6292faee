"""The history as people read it, and the role that cannot change it."""

from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from psycopg import sql

from tsunagu.config.embedded import APP_ROLE
from tsunagu.history.acting import Who, acting
from tsunagu.history.models import Act, Change
from tsunagu.history.watching import HISTORY_TABLES, protect, watched_models


@pytest.fixture
def as_application(db: None) -> Any:
    """The test's connection with no more rights than the web has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(APP_ROLE)))
        protect(APP_ROLE)
        cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(APP_ROLE)))
        yield cursor


@pytest.mark.parametrize("table", HISTORY_TABLES)
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM {}",
        "TRUNCATE {}",
        "UPDATE {} SET act_id = 1",
        "UPDATE {} SET person = ''",
        "INSERT INTO {} DEFAULT VALUES",
        "DROP TABLE {}",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
    ],
)
def test_the_application_cannot_touch_the_history(as_application: Any, table: str, statement: str) -> None:
    if ("act_id" in statement and table == "history_act") or (
        "person" in statement and table != "history_act"
    ):
        pytest.skip("the table has no such column")
    with pytest.raises(ProgrammingError, match=r"must be owner|permission denied"), transaction.atomic():
        as_application.execute(sql.SQL(statement).format(sql.Identifier(table)))  # type: ignore[arg-type]


def test_the_application_cannot_stop_the_watching(as_application: Any) -> None:
    for statement in (
        "ALTER TABLE registry_lab DISABLE TRIGGER history_update",
        "DROP TRIGGER history_update ON registry_lab",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION history_record() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    ):
        with pytest.raises(ProgrammingError, match=r"must be owner|permission denied"), transaction.atomic():
            as_application.execute(statement)


def test_the_application_works_and_is_written_down(as_application: Any) -> None:
    from tsunagu.registry.models import Lab

    lab = Lab.objects.get(slug="410004")
    with acting(Who(person_id=1, person="事務局 花子", via="POST /x")):
        Lab.objects.filter(pk=lab.pk).update(summary="新しい紹介")
    change = Change.objects.select_related("act").get(
        table_name="registry_lab", action="update", record_id=str(lab.pk), after__summary="新しい紹介"
    )
    assert (change.act.person, change.before["summary"]) == ("事務局 花子", lab.summary)


def test_every_table_is_watched(db: None) -> None:
    """A new model is watched without anybody thinking of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'history_update'")
        watched = {row[0].strip('"') for row in cursor.fetchall()}
    assert {model._meta.db_table for model in watched_models()} <= watched
    assert "registry_lab" in watched


def test_who_changed_what_is_told_in_words(client_of: Any) -> None:
    client = client_of("ipa")
    slug = "410004"
    page = client.get(reverse("office:edit_lab", args=[slug]))
    form = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    client.post(reverse("office:edit_lab", args=[slug]), {**form, "summary": "海と山の紹介文"})
    text = client.get(reverse("office:lab_changes", args=[slug])).content.decode()
    assert "ipaさん" in text
    assert "海と山の紹介文" in text
    assert "紹介文" in text
    assert "POST /office/labs/410004/edit/" in text
    log = client.get(reverse("history:log"), {"table": "registry_lab"}).content.decode()
    assert "海と山の紹介文" in log


def test_seeing_a_persons_telephone_number_is_remembered(client_of: Any) -> None:
    from tsunagu.registry.models import Lab, LabContact

    contact = LabContact.objects.create(
        lab=Lab.objects.get(slug="410004"), desk="窓口", person="山田", phone="0952", audience="labs"
    )
    client_of("expert").get(reverse("office:contacts", args=["410004"]))
    seen = Change.objects.select_related("act").get(action="read", record_id=str(contact.pk))
    assert seen.act.person == "expertさん"


def test_a_sign_in_token_is_not_written_down(client: Any, person_of: Any) -> None:
    from tsunagu.accounts.services import issue_sign_in_link

    token = issue_sign_in_link(person=person_of("ipa"))
    client.post(reverse("accounts:use_link", args=[token]))
    assert not Act.objects.filter(via__contains=token).exists()
    assert Act.objects.filter(via__contains="<str:token>").exists()


def test_a_backup_put_back_is_no_tampering(db: None, settings: Any, tmp_path: Any) -> None:
    from tsunagu.history.chain import Head
    from tsunagu.history.heads import keep_head, keep_restored_head, kept_heads

    settings.VAR_DIR = tmp_path
    for seq in (1, 5, 9):
        keep_head(Head(seq, f"{seq:064d}"))
    keep_restored_head(Head(6, f"{6:064d}"))
    keep_head(Head(7, f"{7:064d}"))
    assert [head.seq for head in kept_heads()] == [1, 5, 6, 7]
