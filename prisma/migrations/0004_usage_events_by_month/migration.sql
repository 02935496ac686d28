-- Usage events stand in a partition for each month, so that months can be dropped. An id begins with the time of its
-- making (UUIDv7), and the partitions are ranges of ids: so one unique index says for all of them that an id occurs once.

CREATE FUNCTION usage_events_bound(month date) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT substr(hex, 1, 8) || '-' || substr(hex, 9, 4)
  FROM lpad(to_hex((extract(epoch FROM month::timestamp) * 1000)::bigint), 12, '0') AS hex
$$;

ALTER TABLE "usage_events" RENAME TO "usage_events_before";
ALTER INDEX "usage_events_pkey" RENAME TO "usage_events_before_pkey";
ALTER INDEX "usage_events_team_id_started_at_idx" RENAME TO "usage_events_before_team";
ALTER INDEX "usage_events_posting_id_idx" RENAME TO "usage_events_before_posting";
DROP INDEX "usage_events_job_id_idx";

CREATE TABLE "usage_events" (
    "id" TEXT COLLATE "C" NOT NULL,
    "team_id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "deployment" TEXT NOT NULL,
    "job_type" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "cost_nano_usd" BIGINT NOT NULL,
    "charge" BIGINT NOT NULL,
    "excess" BIGINT NOT NULL DEFAULT 0,
    "estimated" BOOLEAN NOT NULL DEFAULT false,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3) NOT NULL,
    "posting_id" UUID,
    "charged_ahead" BIGINT NOT NULL DEFAULT 0,
    "user_id" TEXT,
    "job_id" TEXT,
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "usage_events_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "usage_events_outcome_known" CHECK ("outcome" IN ('completed', 'failed', 'abandoned')),
    CONSTRAINT "usage_events_never_negative" CHECK ("charge" >= 0 AND "charged_ahead" >= 0 AND "excess" >= 0 AND "cost_nano_usd" >= 0 AND "input_tokens" >= 0 AND "output_tokens" >= 0)
) PARTITION BY RANGE ("id");

CREATE INDEX "usage_events_team_id_started_at_idx" ON "usage_events"("team_id", "started_at");
CREATE INDEX "usage_events_posting_id_idx" ON "usage_events"("posting_id");
-- Most calls belong to no job.
CREATE INDEX "usage_events_job" ON "usage_events"("job_id") WHERE "job_id" IS NOT NULL;
CREATE TRIGGER "usage_events_written_once" BEFORE UPDATE ON "usage_events" FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Ids of another kind, and of months that nobody made a place for yet: nothing is ever refused for want of one.
CREATE SCHEMA "usage_partitions";
CREATE TABLE "usage_partitions"."other" PARTITION OF "usage_events" DEFAULT;

-- Makes the place for a month; false if there is one. What came before it is moved there.
CREATE FUNCTION make_usage_partition(month date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  place CONSTANT text := 'usage_partitions.' || quote_ident(to_char(month, '"m"YYYY_MM'));
  first CONSTANT text := usage_events_bound(date_trunc('month', month)::date);
  next CONSTANT text := usage_events_bound((date_trunc('month', month) + interval '1 month')::date);
BEGIN
  IF to_regclass(place) IS NOT NULL THEN
    RETURN false;
  END IF;
  LOCK TABLE usage_partitions.other IN ACCESS EXCLUSIVE MODE;
  IF to_regclass(place) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE %s (LIKE usage_events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', place);
  EXECUTE format(
    'WITH moved AS (DELETE FROM usage_partitions.other WHERE id >= %L AND id < %L RETURNING *) INSERT INTO %s SELECT * FROM moved',
    first, next, place);
  EXECUTE format('ALTER TABLE usage_events ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)', place, first, next);
  RETURN true;
END $$;

SELECT make_usage_partition((date_trunc('month', now()) + interval '1 month' * ahead)::date) FROM generate_series(0, 2) AS ahead;

INSERT INTO "usage_events" (id, team_id, organization_id, key_id, model, deployment, job_type, outcome, input_tokens,
  output_tokens, cost_nano_usd, charge, excess, estimated, started_at, ended_at, posting_id, charged_ahead, user_id, job_id, tags)
SELECT id, team_id, organization_id, key_id, model, deployment, job_type, outcome, input_tokens,
  output_tokens, cost_nano_usd, charge, excess, estimated, started_at, ended_at, posting_id,
  CASE WHEN posting_id IS NULL THEN 0
    ELSE sum(charge) OVER (PARTITION BY posting_id ORDER BY id COLLATE "C") - charge END, user_id, job_id, tags
FROM "usage_events_before";
DROP TABLE "usage_events_before";

-- A usage entry takes exactly what the events that name its posting were charged: for all entries of a statement at once.
DROP TRIGGER "credit_entries_usage_named" ON "credit_entries";
DROP FUNCTION check_usage_posting();
CREATE FUNCTION check_usage_postings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong record;
BEGIN
  IF NOT EXISTS (SELECT FROM written WHERE kind = 'usage' AND sequence IS NOT NULL) THEN
    RETURN NULL;
  END IF;
  SELECT w.posting_id, w.amount, coalesce(sum(e.charge), 0) AS charged INTO wrong
  FROM written AS w LEFT JOIN usage_events AS e ON e.posting_id = w.posting_id
  WHERE w.kind = 'usage' AND w.sequence IS NOT NULL
  GROUP BY w.posting_id, w.account_id, w.amount HAVING coalesce(sum(e.charge), 0) <> -w.amount LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'usage posting % takes % but its events were charged %', wrong.posting_id, -wrong.amount, wrong.charged USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "credit_entries_usage_named" AFTER INSERT ON "credit_entries"
  REFERENCING NEW TABLE AS "written" FOR EACH STATEMENT EXECUTE FUNCTION check_usage_postings();

ALTER TABLE "organizations" ADD COLUMN     "usage_retention_days" INTEGER;
ALTER TABLE "organizations" ADD CONSTRAINT "organizations_usage_retention_possible" CHECK ("usage_retention_days" BETWEEN 35 AND 3650);

CREATE TABLE "usage_prunings" (
    "organization_id" TEXT NOT NULL,
    "before" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "usage_prunings_pkey" PRIMARY KEY ("organization_id")
);

