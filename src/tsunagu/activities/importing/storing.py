"""Comparing checked rows with the log and writing them: a few statements, whatever the number of rows."""

from typing import Any

from tsunagu.activities.importing.rows import Row

TRACKED = ("kind_id", "title", "started_on", "ended_on", "people", "summary", "evidence_link", "audience")

STAGE = """
CREATE TEMPORARY TABLE activity_stage (
  row integer, origin_key varchar, kind_id bigint, title text, started_on date, ended_on date, people integer,
  summary text, evidence_link text, audience text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE company_stage (origin_key varchar, company_key varchar, name text, corporate_number text) ON COMMIT DROP;
CREATE TEMPORARY TABLE policy_stage (origin_key varchar, policy_id bigint) ON COMMIT DROP
"""
_OLD = ", ".join(f"a.{name}" for name in TRACKED)
_NEW = ", ".join(f"s.{name}" for name in TRACKED)
# S608: only constants of this file are put together; values always travel as parameters.
COMPARE = f"""
SELECT count(*) FILTER (WHERE a.id IS NULL), count(*) FILTER (WHERE a.id IS NOT NULL AND (
  ({_OLD}) IS DISTINCT FROM ({_NEW})
  OR (SELECT array_agg(c.company_key ORDER BY c.company_key) FROM activities_activitycompany c WHERE c.activity_id = a.id)
     IS DISTINCT FROM (SELECT array_agg(c.company_key ORDER BY c.company_key) FROM company_stage c WHERE c.origin_key = s.origin_key)
  OR (SELECT array_agg(p.policy_id ORDER BY p.policy_id) FROM activities_activity_policies p WHERE p.activity_id = a.id)
     IS DISTINCT FROM (SELECT array_agg(p.policy_id ORDER BY p.policy_id) FROM policy_stage p WHERE p.origin_key = s.origin_key)))
FROM activity_stage s
LEFT JOIN activities_activity a ON a.lab_id = %s AND a.origin = 'import' AND a.origin_key = s.origin_key
"""
UPSERT = f"""
INSERT INTO activities_activity AS a (lab_id, origin, origin_key, batch_id, noted_by_id, {", ".join(TRACKED)})
SELECT %(lab)s, 'import', s.origin_key, %(batch)s, %(by)s, {_NEW} FROM activity_stage s
ON CONFLICT (lab_id, origin, origin_key) WHERE origin_key <> '' DO UPDATE SET
  {", ".join(f"{name} = excluded.{name}" for name in TRACKED)}, batch_id = excluded.batch_id
WHERE ({_OLD}) IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in TRACKED)})
"""
TAKEN = """
CREATE TEMPORARY TABLE taken ON COMMIT DROP AS
SELECT a.id, s.origin_key FROM activity_stage s
JOIN activities_activity a ON a.lab_id = %(lab)s AND a.origin = 'import' AND a.origin_key = s.origin_key
"""
LINKS = (
    "ANALYZE taken",
    """
    DELETE FROM activities_activitycompany c USING taken t WHERE c.activity_id = t.id AND NOT EXISTS (
      SELECT FROM company_stage s WHERE s.origin_key = t.origin_key AND s.company_key = c.company_key)
    """,
    """
    INSERT INTO activities_activitycompany (activity_id, company_key, name, corporate_number)
    SELECT t.id, s.company_key, s.name, s.corporate_number FROM company_stage s JOIN taken t USING (origin_key)
    ON CONFLICT (activity_id, company_key) DO NOTHING
    """,
    """
    DELETE FROM activities_activity_policies p USING taken t WHERE p.activity_id = t.id AND NOT EXISTS (
      SELECT FROM policy_stage s WHERE s.origin_key = t.origin_key AND s.policy_id = p.policy_id)
    """,
    """
    INSERT INTO activities_activity_policies (activity_id, policy_id)
    SELECT t.id, s.policy_id FROM policy_stage s JOIN taken t USING (origin_key)
    ON CONFLICT (activity_id, policy_id) DO NOTHING
    """,
)


def stage(cursor: Any, rows: list[Row]) -> None:
    """Put the rows into temporary tables."""
    cursor.execute("DROP TABLE IF EXISTS activity_stage, company_stage, policy_stage, taken")
    cursor.execute(STAGE)
    with cursor.copy("COPY activity_stage FROM STDIN") as copy:
        for one in rows:
            copy.write_row((
                one.number, one.key, one.kind, one.title, one.started_on, one.ended_on, one.people, one.summary,
                one.evidence_link, one.audience,
            ))  # fmt: skip
    with cursor.copy("COPY company_stage FROM STDIN") as copy:
        for one in rows:
            for key, name, number in one.companies:
                copy.write_row((one.key, key, name, number))
    with cursor.copy("COPY policy_stage FROM STDIN") as copy:
        for one in rows:
            for policy in one.policies:
                copy.write_row((one.key, policy))
    for table in ("activity_stage", "company_stage", "policy_stage"):
        cursor.execute(f"CREATE INDEX ON {table} (origin_key)")
        cursor.execute(f"ANALYZE {table}")


def compare(cursor: Any, *, lab: int) -> tuple[int, int]:
    """How many of the staged rows are new to the lab, and how many differ from what it has."""
    cursor.execute(COMPARE, [lab])
    new, changed = cursor.fetchone()
    return new, changed


def store(cursor: Any, *, lab: int, batch: int, by: int | None) -> None:
    """Write the staged rows with their companies and policies."""
    values = {"lab": lab, "batch": batch, "by": by}
    cursor.execute(UPSERT, values)
    cursor.execute(TAKEN, values)
    for statement in LINKS:
        cursor.execute(statement)
