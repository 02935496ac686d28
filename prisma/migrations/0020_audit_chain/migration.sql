-- The audit trail as a chain: each row has its place and carries the hash of the row before it, so that a row
-- that was changed, removed or slipped in later shows.

-- AlterTable
ALTER TABLE "audit_entries"
  ADD COLUMN "position" BIGINT,
  ADD COLUMN "hash" TEXT,
  ADD COLUMN "previous_hash" TEXT;

-- CreateTable
CREATE TABLE "audit_head" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "position" BIGINT NOT NULL DEFAULT 0,
    "hash" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "audit_entries_position_key" ON "audit_entries"("position");

-- CreateIndex
CREATE INDEX "audit_entries_actor_position_idx" ON "audit_entries"("actor", "position");

-- What follows is beyond Prisma's schema language.

ALTER TABLE "audit_head" ADD CONSTRAINT "audit_head_one_row" CHECK ("id" = 1);
INSERT INTO "audit_head" ("id") VALUES (1);

-- A part of what is hashed, with its length before it: no two rows have the same text.
CREATE FUNCTION audit_part(part text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN part IS NULL THEN '-' ELSE octet_length(part) || ':' || part END
$$;

-- The same as src/core/audit/chain.ts says of a row.
CREATE FUNCTION audit_hash(entry audit_entries, place bigint, previous text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(concat(
    audit_part(place::text), audit_part(previous),
    audit_part((extract(epoch FROM entry.at) * 1000)::bigint::text),
    audit_part(entry.actor), audit_part(entry.action), audit_part(entry.target),
    audit_part(entry.before::text), audit_part(entry.after::text), audit_part(entry.reason), audit_part(entry.door)
  ), 'UTF8')), 'hex')
$$;

-- Puts a row at the end of the chain. The head's row lock orders writers, until they commit.
CREATE FUNCTION chain_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  place bigint;
  previous text;
  own text;
BEGIN
  SELECT h.position + 1, h.hash INTO place, previous FROM audit_head h WHERE h.id = 1 FOR UPDATE;
  own := audit_hash(NEW, place, previous);
  UPDATE audit_entries SET position = place, hash = own, previous_hash = previous WHERE id = NEW.id;
  UPDATE audit_head SET position = place, hash = own WHERE id = 1;
  RETURN NULL;
END $$;

-- A row may take its place in the chain, once, and is never changed otherwise.
CREATE FUNCTION keep_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.hash IS NULL AND NEW.hash IS NOT NULL
    AND (NEW.id, NEW.at, NEW.actor, NEW.action, NEW.target, NEW.before, NEW.after, NEW.reason, NEW.door)
      IS NOT DISTINCT FROM (OLD.id, OLD.at, OLD.actor, OLD.action, OLD.target, OLD.before, OLD.after, OLD.reason, OLD.door)
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only: % refused, write a correcting entry instead', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION refuse_own_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.position := NULL;
  NEW.hash := NULL;
  NEW.previous_hash := NULL;
  RETURN NEW;
END $$;

DROP TRIGGER "audit_entries_append_only" ON "audit_entries";
CREATE TRIGGER "audit_entries_no_delete" BEFORE DELETE ON "audit_entries" FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "audit_entries_append_only" BEFORE UPDATE ON "audit_entries" FOR EACH ROW EXECUTE FUNCTION keep_audit_entry();
CREATE TRIGGER "audit_entries_place" BEFORE INSERT ON "audit_entries" FOR EACH ROW EXECUTE FUNCTION refuse_own_place();
CREATE TRIGGER "audit_head_kept" BEFORE DELETE ON "audit_head" FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "audit_head_no_truncate" BEFORE TRUNCATE ON "audit_head" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What was written before there was a chain, in its order.
DO $$
DECLARE
  entry audit_entries;
  place bigint := 0;
  previous text := '';
  own text;
BEGIN
  FOR entry IN SELECT * FROM audit_entries ORDER BY id LOOP
    place := place + 1;
    own := audit_hash(entry, place, previous);
    UPDATE audit_entries SET position = place, hash = own, previous_hash = previous WHERE id = entry.id;
    previous := own;
  END LOOP;
  UPDATE audit_head SET position = place, hash = previous WHERE id = 1;
END $$;

-- At commit: so a change waits for another one's commit, not for its work.
CREATE CONSTRAINT TRIGGER "audit_entries_chain" AFTER INSERT ON "audit_entries"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION chain_audit_entry();
