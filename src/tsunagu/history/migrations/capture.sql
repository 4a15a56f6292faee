-- Every change of a watched table becomes a row of history_change, written by the database in the same transaction.
-- One transaction is one act; at commit its changes are sealed into a chain. See docs/decisions/0014-history.md.

CREATE TABLE history_act (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  began_at timestamptz NOT NULL DEFAULT transaction_timestamp(),
  person_id bigint,
  person text NOT NULL DEFAULT '',
  acting_for_id bigint,
  acting_for text NOT NULL DEFAULT '',
  via text NOT NULL DEFAULT '',
  address text NOT NULL DEFAULT '',
  database_role text NOT NULL DEFAULT session_user,
  sealed boolean NOT NULL DEFAULT false
);
CREATE INDEX history_act_xid ON history_act (xid);
CREATE INDEX history_act_person ON history_act (person_id, id);

CREATE TABLE history_change (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  act_id bigint NOT NULL,
  table_name text NOT NULL,
  record_id text NOT NULL,
  action text NOT NULL,
  before jsonb,
  after jsonb
);
CREATE INDEX history_change_record ON history_change (table_name, record_id, id);
CREATE INDEX history_change_act ON history_change (act_id, id);

CREATE TABLE history_seal (
  seq bigint PRIMARY KEY,
  act_id bigint NOT NULL UNIQUE,
  sealed_at timestamptz NOT NULL,
  changes bigint NOT NULL,
  digest bytea NOT NULL,
  hash bytea NOT NULL
);

-- The act of the running transaction (one for each who that acts in it): who the application says is acting, and who the database knows is connected.
CREATE FUNCTION history_current_act() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  found bigint;
  who jsonb := coalesce(nullif(current_setting('tsunagu.who', true), ''), '{}')::jsonb;
BEGIN
  SELECT id INTO found FROM history_act WHERE xid = pg_current_xact_id() AND began_at = transaction_timestamp()
    AND NOT sealed AND person_id IS NOT DISTINCT FROM (who->>'person_id')::bigint
    AND acting_for_id IS NOT DISTINCT FROM (who->>'acting_for_id')::bigint AND via = coalesce(who->>'via', '')
    ORDER BY id DESC LIMIT 1;
  IF found IS NULL THEN
    -- Sealed at commit, whatever the caller has set: an act sealed at once would miss its changes.
    SET CONSTRAINTS history_seal_at_commit DEFERRED;
    INSERT INTO history_act (person_id, person, acting_for_id, acting_for, via, address)
    VALUES ((who->>'person_id')::bigint, coalesce(who->>'person', ''), (who->>'acting_for_id')::bigint,
            coalesce(who->>'acting_for', ''), coalesce(who->>'via', ''), coalesce(who->>'address', ''))
    RETURNING id INTO found;
  END IF;
  RETURN found;
END $$;

-- Secret columns become a mark, large ones a digest: that they changed is kept, what they held is not.
CREATE FUNCTION history_shown(record jsonb, secret text[], large text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN record IS NULL OR NOT record ?| (secret || large) THEN record ELSE (
    SELECT jsonb_object_agg(key, CASE
      WHEN value = 'null' THEN value
      WHEN key = ANY (secret) THEN to_jsonb('•••'::text)
      WHEN key = ANY (large) THEN to_jsonb('sha256:' || encode(sha256(convert_to(value::text, 'UTF8')), 'hex'))
      ELSE value END)
    FROM jsonb_each(record)) END
$$;

-- The part of `one` that differs from `other`.
CREATE FUNCTION history_difference(one jsonb, other jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  SELECT jsonb_object_agg(key, value) FROM jsonb_each(one) WHERE value IS DISTINCT FROM other->key
$$;

-- The trigger itself, history_record(), is in record.sql.

-- What is no change of a row but must be remembered: that someone read, signed in, looked as someone else.
CREATE FUNCTION history_note(action text, table_name text, record_id text, detail jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF history_note.action IN ('insert', 'update', 'delete', 'truncate') THEN
    RAISE EXCEPTION 'history_note: % is written by the triggers alone', history_note.action;
  END IF;
  INSERT INTO history_change (act_id, table_name, record_id, action, after)
  VALUES (history_current_act(), history_note.table_name, history_note.record_id, history_note.action, detail);
END $$;

-- The line that is hashed for one act, and for one change. Times as whole microseconds: no setting alters them.
CREATE FUNCTION history_micros(moment timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  SELECT (extract(epoch FROM moment) * 1000000)::bigint::text
$$;
CREATE FUNCTION history_digest(act history_act, OUT changes bigint, OUT digest bytea)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT count(c.id), sha256(
    sha256(convert_to(jsonb_build_array(
      act.id, act.xid::text, history_micros(act.began_at), act.person_id, act.person, act.acting_for_id,
      act.acting_for, act.via, act.address, act.database_role)::text, 'UTF8'))
    || coalesce(string_agg(sha256(convert_to(jsonb_build_array(
      c.id, c.act_id, c.table_name, c.record_id, c.action, c.before, c.after)::text, 'UTF8')), ''::bytea ORDER BY c.id), ''))
  FROM history_change c WHERE c.act_id = act.id
$$;

-- Runs at commit: one act after another, so that the chain has one order and no gap.
CREATE FUNCTION history_seal_act() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  last history_seal;
  made record;
  moment timestamptz := clock_timestamp();
BEGIN
  PERFORM pg_advisory_xact_lock(7283, 1);
  SELECT * INTO last FROM history_seal ORDER BY seq DESC LIMIT 1;
  SELECT * INTO made FROM history_digest(NEW);
  UPDATE history_act SET sealed = true WHERE id = NEW.id;
  INSERT INTO history_seal (seq, act_id, sealed_at, changes, digest, hash)
  SELECT coalesce(last.seq, 0) + 1, NEW.id, moment, made.changes, made.digest, sha256(convert_to(jsonb_build_array(
    coalesce(last.seq, 0) + 1, NEW.id, history_micros(moment), made.changes, encode(made.digest, 'hex'),
    coalesce(encode(last.hash, 'hex'), ''))::text, 'UTF8'));
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER history_seal_at_commit AFTER INSERT ON history_act DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION history_seal_act();

-- Even the owner does not change the past by accident; who does it on purpose is found by the chain.
CREATE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'history_act' AND TG_OP = 'UPDATE' THEN
    IF (to_jsonb(OLD) - 'sealed') = (to_jsonb(NEW) - 'sealed') AND NOT OLD.sealed THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'history is never changed (% on %)', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER refuse BEFORE UPDATE OR DELETE ON history_act FOR EACH ROW EXECUTE FUNCTION history_refuse();
CREATE TRIGGER refuse BEFORE UPDATE OR DELETE ON history_change FOR EACH ROW EXECUTE FUNCTION history_refuse();
CREATE TRIGGER refuse BEFORE UPDATE OR DELETE ON history_seal FOR EACH ROW EXECUTE FUNCTION history_refuse();
CREATE TRIGGER refuse_all BEFORE TRUNCATE ON history_act FOR EACH STATEMENT EXECUTE FUNCTION history_refuse();
CREATE TRIGGER refuse_all BEFORE TRUNCATE ON history_change FOR EACH STATEMENT EXECUTE FUNCTION history_refuse();
CREATE TRIGGER refuse_all BEFORE TRUNCATE ON history_seal FOR EACH STATEMENT EXECUTE FUNCTION history_refuse();

-- Watch a table; again, to watch it with other columns.
CREATE FUNCTION history_watch(watched regclass, key text, secret text[], large text[], silent text[]) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  arguments text := format('%L, %L, %L, %L', key, secret::text, large::text, silent::text);
BEGIN
  EXECUTE format('CREATE OR REPLACE TRIGGER history_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows '
    'FOR EACH STATEMENT EXECUTE FUNCTION history_record(%s)', watched, arguments);
  EXECUTE format('CREATE OR REPLACE TRIGGER history_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows '
    'NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION history_record(%s)', watched, arguments);
  EXECUTE format('CREATE OR REPLACE TRIGGER history_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows '
    'FOR EACH STATEMENT EXECUTE FUNCTION history_record(%s)', watched, arguments);
  EXECUTE format('CREATE OR REPLACE TRIGGER history_truncate BEFORE TRUNCATE ON %s '
    'FOR EACH STATEMENT EXECUTE FUNCTION history_record(%s)', watched, arguments);
END $$;
