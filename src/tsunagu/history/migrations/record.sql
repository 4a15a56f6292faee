-- The trigger of every watched table. For many rows at once: a table without secret or large columns is not searched for
-- them, and each row becomes JSON once (OFFSET 0 keeps the planner from doing it for each use).
-- Trigger arguments: the name of the primary key, secret columns, large columns, columns whose change alone is no news.
CREATE OR REPLACE FUNCTION history_record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  key text := TG_ARGV[0];
  secret text[] := TG_ARGV[1]::text[];
  large text[] := TG_ARGV[2]::text[];
  silent text[] := TG_ARGV[3]::text[];
  plain boolean := cardinality(secret || large) = 0;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF EXISTS (SELECT FROM new_rows) THEN
      INSERT INTO history_change (act_id, table_name, record_id, action, after)
      SELECT act, TG_TABLE_NAME, n->>key, 'insert', CASE WHEN plain THEN n ELSE history_shown(n, secret, large) END
      FROM history_current_act() AS act, (SELECT to_jsonb(r) AS n FROM new_rows r OFFSET 0) AS news;
    END IF;
  ELSIF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT FROM old_rows) THEN
      INSERT INTO history_change (act_id, table_name, record_id, action, before)
      SELECT act, TG_TABLE_NAME, o->>key, 'delete', CASE WHEN plain THEN o ELSE history_shown(o, secret, large) END
      FROM history_current_act() AS act, (SELECT to_jsonb(r) AS o FROM old_rows r OFFSET 0) AS olds;
    END IF;
  ELSIF TG_OP = 'UPDATE' THEN
    WITH changed AS MATERIALIZED (
      SELECT o, n FROM (SELECT to_jsonb(r) AS o FROM old_rows r) AS olds
      FULL JOIN (SELECT to_jsonb(r) AS n FROM new_rows r) AS news ON o->>key = n->>key
      WHERE (o - silent) IS DISTINCT FROM (n - silent)
    ), act AS MATERIALIZED (SELECT history_current_act() AS id WHERE EXISTS (SELECT FROM changed))
    INSERT INTO history_change (act_id, table_name, record_id, action, before, after)
    SELECT act.id, TG_TABLE_NAME, coalesce(n->>key, o->>key), 'update',
           history_shown(CASE WHEN n IS NULL THEN o ELSE history_difference(o, n) END, secret, large),
           history_shown(CASE WHEN o IS NULL THEN n ELSE history_difference(n, o) END, secret, large)
    FROM changed, act;
  ELSE
    INSERT INTO history_change (act_id, table_name, record_id, action)
    VALUES (history_current_act(), TG_TABLE_NAME, '*', 'truncate');
  END IF;
  RETURN NULL;
END $$;
