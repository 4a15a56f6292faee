"""The triggers that mark what changed, as SQL for migrations.

A mark is written in the transaction of the change itself, whoever makes it, one statement for a whole import; the database
then wakes the keeper of the index, which hears of it when the transaction has been kept.
"""

FUNCTION = """
CREATE FUNCTION search_note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed text := CASE TG_OP WHEN 'INSERT' THEN 'after' WHEN 'DELETE' THEN 'before'
    ELSE '(TABLE before UNION ALL TABLE after)' END;
BEGIN
  EXECUTE format('INSERT INTO search_mark (kind, number, marked_at) '
    'SELECT DISTINCT %L, %I, now() FROM ' || changed || ' touched WHERE %2$I IS NOT NULL', TG_ARGV[0], TG_ARGV[1]);
  NOTIFY search_mark;
  RETURN NULL;
END $$;
"""
FUNCTION_GONE = "DROP FUNCTION search_note() CASCADE"
TRIGGERS = """
CREATE TRIGGER search_insert_{kind} AFTER INSERT ON {table} REFERENCING NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION search_note('{kind}', '{column}');
CREATE TRIGGER search_update_{kind} AFTER UPDATE ON {table} REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION search_note('{kind}', '{column}');
CREATE TRIGGER search_delete_{kind} AFTER DELETE ON {table} REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT EXECUTE FUNCTION search_note('{kind}', '{column}');
"""
TRIGGERS_GONE = """
DROP TRIGGER search_insert_{kind} ON {table};
DROP TRIGGER search_update_{kind} ON {table};
DROP TRIGGER search_delete_{kind} ON {table};
"""


def watch(table: str, kind: str, column: str = "id") -> tuple[str, str]:
    """SQL that makes a change in `table` mark the records of `kind` numbered by `column`, and SQL that undoes it."""
    return TRIGGERS.format(table=table, kind=kind, column=column), TRIGGERS_GONE.format(
        table=table, kind=kind
    )
