"""Keeping the roll-up current: what triggers marked as changed is counted anew, in a few statements.

Marks are only ever added by writers and taken away here, so that a change committed meanwhile leaves its own mark
and nothing waits for anything (decision 0050).
"""

from django.db import connection, transaction

LOCK = 7_340_051
FISCAL = "extract(year FROM {day} - interval '3 months')::smallint"

TAKE = """
CREATE TEMPORARY TABLE rolling ON COMMIT DROP AS
WITH taken AS (DELETE FROM activities_stale RETURNING lab_id, month)
SELECT DISTINCT lab_id, month FROM taken
"""
COUNTS_GONE = """
DELETE FROM activities_monthcount c USING rolling r WHERE c.lab_id = r.lab_id AND c.month = r.month
"""
COUNTS = """
INSERT INTO activities_monthcount (lab_id, bureau_code, kind_id, month, audience, activities, people)
SELECT a.lab_id, b.code, a.kind_id, r.month, a.audience, count(*), coalesce(sum(a.people), 0)
FROM rolling r
JOIN activities_activity a ON a.lab_id = r.lab_id AND a.started_on >= r.month
                          AND a.started_on < r.month + interval '1 month'
JOIN registry_lab l ON l.id = a.lab_id
JOIN registry_region g ON g.id = l.region_id JOIN registry_bureau b ON b.id = g.bureau_id
GROUP BY a.lab_id, b.code, a.kind_id, r.month, a.audience
"""
YEARS = f"""
CREATE TEMPORARY TABLE rolling_year ON COMMIT DROP AS
SELECT lab_id, {FISCAL.format(day="month")} AS fiscal_year FROM rolling GROUP BY 1, 2
"""
YEAR_COUNTS_GONE = """
DELETE FROM activities_yearcount c USING rolling_year y WHERE c.lab_id = y.lab_id AND c.fiscal_year = y.fiscal_year
"""
YEAR_COUNTS = """
INSERT INTO activities_yearcount (tier, fiscal_year, lab_id, bureau_code, kind_id, activities, people)
SELECT s.tier, y.fiscal_year, m.lab_id, m.bureau_code, m.kind_id, sum(m.activities), sum(m.people)
FROM rolling_year y
JOIN activities_monthcount m ON m.lab_id = y.lab_id
  AND m.month >= make_date(y.fiscal_year, 4, 1) AND m.month < make_date(y.fiscal_year + 1, 4, 1)
CROSS JOIN (VALUES ('all'), ('open'), ('public')) s(tier)
WHERE s.tier = 'all' OR m.audience = 'public' OR (s.tier = 'open' AND m.audience = 'labs')
GROUP BY 1, 2, 3, 4, 5
"""
BEFORE = """
CREATE TEMPORARY TABLE helped_before ON COMMIT DROP AS
SELECT h.lab_id, h.bureau_code, h.kind_id, h.fiscal_year, h.audience, h.company_key
FROM activities_helpedcompany h JOIN rolling_year y USING (lab_id, fiscal_year)
"""
AFTER = """
CREATE TEMPORARY TABLE helped_after ON COMMIT DROP AS
SELECT DISTINCT a.lab_id, b.code AS bureau_code, a.kind_id, y.fiscal_year, a.audience, c.company_key
FROM rolling_year y
JOIN activities_activity a ON a.lab_id = y.lab_id
  AND a.started_on >= make_date(y.fiscal_year, 4, 1) AND a.started_on < make_date(y.fiscal_year + 1, 4, 1)
JOIN activities_activitycompany c ON c.activity_id = a.id
JOIN registry_lab l ON l.id = a.lab_id
JOIN registry_region g ON g.id = l.region_id JOIN registry_bureau b ON b.id = g.bureau_id
"""
# Only companies that came or went in some cell are looked at again, however many there are in all.
TOUCHED = """
CREATE TEMPORARY TABLE helped_touched ON COMMIT DROP AS
SELECT DISTINCT fiscal_year, company_key FROM (
  (TABLE helped_before EXCEPT TABLE helped_after) UNION ALL (TABLE helped_after EXCEPT TABLE helped_before)
) changed
"""
STOOD = """
CREATE TEMPORARY TABLE helped_stood ON COMMIT DROP AS
SELECT h.bureau_code, h.kind_id, h.fiscal_year, h.audience, h.company_key
FROM activities_helpedcompany h JOIN helped_touched t USING (fiscal_year, company_key)
"""
HELPED_GONE = """
DELETE FROM activities_helpedcompany h USING (TABLE helped_before EXCEPT TABLE helped_after) b
WHERE h.lab_id = b.lab_id AND h.fiscal_year = b.fiscal_year AND h.kind_id = b.kind_id
  AND h.audience = b.audience AND h.company_key = b.company_key
"""
HELPED_CAME = """
INSERT INTO activities_helpedcompany (lab_id, bureau_code, kind_id, fiscal_year, audience, company_key)
SELECT lab_id, bureau_code, kind_id, fiscal_year, audience, company_key
FROM (TABLE helped_after EXCEPT TABLE helped_before) a
ON CONFLICT (lab_id, fiscal_year, kind_id, audience, company_key) DO UPDATE SET bureau_code = excluded.bureau_code
"""
CELLS = """
SELECT DISTINCT s.tier, h.fiscal_year, p.bureau_code, k.kind_id, h.company_key FROM {table} h
CROSS JOIN (VALUES ('all'), ('open'), ('public')) s(tier)
CROSS JOIN LATERAL (VALUES (''), (h.bureau_code)) p(bureau_code)
CROSS JOIN LATERAL (VALUES (NULL::bigint), (h.kind_id)) k(kind_id)
WHERE s.tier = 'all' OR h.audience = 'public' OR (s.tier = 'open' AND h.audience = 'labs')
"""
NOW = "(SELECT h.* FROM activities_helpedcompany h JOIN helped_touched t USING (fiscal_year, company_key))"
COMPANIES = f"""
INSERT INTO activities_companycount AS c (tier, fiscal_year, bureau_code, kind_id, companies)
SELECT tier, fiscal_year, bureau_code, kind_id, sum(n) FROM (
  SELECT tier, fiscal_year, bureau_code, kind_id, count(*) AS n
  FROM ({CELLS.format(table=NOW)}) now GROUP BY 1, 2, 3, 4
  UNION ALL
  SELECT tier, fiscal_year, bureau_code, kind_id, -count(*) FROM ({CELLS.format(table="helped_stood")}) stood
  GROUP BY 1, 2, 3, 4
) change
GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0
ON CONFLICT (tier, fiscal_year, bureau_code, kind_id)
DO UPDATE SET companies = c.companies + excluded.companies
"""
STATEMENTS = (
    COUNTS_GONE,
    COUNTS,
    YEARS,
    "ANALYZE rolling_year",
    YEAR_COUNTS_GONE,
    YEAR_COUNTS,
    BEFORE,
    AFTER,
    TOUCHED,
    "ANALYZE helped_touched",
    STOOD,
    HELPED_GONE,
    HELPED_CAME,
    COMPANIES,
)
TEMPORARY = "rolling, rolling_year, helped_before, helped_after, helped_touched, helped_stood"


def is_current() -> bool:
    """Whether nothing changed since the roll-up was last brought up to date."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM activities_stale)")
        return not cursor.fetchone()[0]


def catch_up() -> int:
    """Count anew what changed; returns how many labs' months that were. One at a time; others wait for it."""
    if is_current():
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(f"DROP TABLE IF EXISTS {TEMPORARY}")
        cursor.execute(TAKE)
        count = cursor.rowcount
        cursor.execute("ANALYZE rolling")
        for statement in STATEMENTS:
            cursor.execute(statement)
        return int(count)


@transaction.atomic
def rebuild() -> int:
    """Count everything anew, as after a restore or when a region moved to another bureau."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        for table in ("monthcount", "yearcount", "helpedcompany", "companycount"):
            cursor.execute(f"DELETE FROM activities_{table}")
        cursor.execute(
            "INSERT INTO activities_stale (lab_id, month) SELECT DISTINCT lab_id, "
            "date_trunc('month', started_on)::date FROM activities_activity"
        )
    return catch_up()
