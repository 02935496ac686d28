ALTER TABLE "usage_events" ADD COLUMN     "tags" TEXT[] DEFAULT ARRAY[]::TEXT[];

CREATE TABLE "usage_by_key" (
    "key_id" TEXT NOT NULL,
    "grain" TEXT NOT NULL,
    "starts" TIMESTAMPTZ(0) NOT NULL,
    "model" TEXT NOT NULL,
    "job_type" TEXT NOT NULL,
    "tags" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "user_id" TEXT,
    "calls" BIGINT NOT NULL,
    "failed_calls" BIGINT NOT NULL,
    "jobs" BIGINT NOT NULL,
    "failed_jobs" BIGINT NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "cost_nano_usd" BIGINT NOT NULL,
    "charge" BIGINT NOT NULL,

    CONSTRAINT "usage_by_key_pkey" PRIMARY KEY ("key_id","grain","starts","model","job_type","tags")
);

CREATE TABLE "usage_by_team" (
    "team_id" TEXT NOT NULL,
    "grain" TEXT NOT NULL,
    "starts" TIMESTAMPTZ(0) NOT NULL,
    "model" TEXT NOT NULL,
    "job_type" TEXT NOT NULL,
    "tags" TEXT NOT NULL,
    "calls" BIGINT NOT NULL,
    "failed_calls" BIGINT NOT NULL,
    "jobs" BIGINT NOT NULL,
    "failed_jobs" BIGINT NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "cost_nano_usd" BIGINT NOT NULL,
    "charge" BIGINT NOT NULL,

    CONSTRAINT "usage_by_team_pkey" PRIMARY KEY ("team_id","grain","starts","model","job_type","tags")
);

CREATE INDEX "usage_by_key_team_id_grain_starts_idx" ON "usage_by_key"("team_id", "grain", "starts");

DROP TABLE "usage_days";

-- What follows is beyond Prisma's schema language.

-- Every row is written again and again while its hour, day or month lasts: room beside it keeps that off the indexes.
ALTER TABLE "usage_by_key" SET (fillfactor = 70);
ALTER TABLE "usage_by_team" SET (fillfactor = 70);
ALTER TABLE "usage_by_key" ADD CONSTRAINT "usage_by_key_grain_known" CHECK ("grain" IN ('hour', 'day', 'month'));
ALTER TABLE "usage_by_team" ADD CONSTRAINT "usage_by_team_grain_known" CHECK ("grain" IN ('hour', 'day', 'month'));
CREATE INDEX "usage_by_key_user" ON "usage_by_key"("user_id", "grain", "starts") WHERE "user_id" IS NOT NULL;

-- What was used before is added up as the drain would have done it.
ALTER TABLE "usage_events" DISABLE TRIGGER "usage_events_written_once";
UPDATE "usage_events" AS e SET "tags" = k."tags" FROM "virtual_keys" AS k WHERE k."id" = e."key_id" AND k."tags" <> '{}';
ALTER TABLE "usage_events" ENABLE TRIGGER "usage_events_written_once";

INSERT INTO "usage_by_key"
WITH placed AS (
  SELECT e.*, e.started_at AT TIME ZONE o.time_zone AS local, e.model <> '' AND e.id NOT LIKE '%:late' AS is_call,
    e.job_id IS NULL AND e.id NOT LIKE '%:late' AS is_job, e.outcome <> 'completed' AS has_failed,
    (SELECT coalesce(json_agg(tag ORDER BY tag), '[]')::text FROM unnest(e.tags) AS tag) AS tags_text
  FROM usage_events AS e JOIN organizations AS o ON o.id = e.organization_id
)
SELECT p.key_id, g.grain, g.starts, p.model, p.job_type, p.tags_text, p.team_id, p.user_id,
  count(*) FILTER (WHERE is_call), count(*) FILTER (WHERE is_call AND has_failed),
  count(*) FILTER (WHERE is_job), count(*) FILTER (WHERE is_job AND has_failed),
  sum(p.input_tokens), sum(p.output_tokens), sum(p.cost_nano_usd), sum(p.charge)
FROM placed AS p CROSS JOIN LATERAL (VALUES
  ('hour', p.started_at - (p.local - date_trunc('hour', p.local))),
  ('day', date_trunc('day', p.local) AT TIME ZONE 'UTC'),
  ('month', date_trunc('month', p.local) AT TIME ZONE 'UTC')) AS g(grain, starts)
GROUP BY p.key_id, g.grain, g.starts, p.model, p.job_type, p.tags_text, p.team_id, p.user_id;

INSERT INTO "usage_by_team"
SELECT team_id, grain, starts, model, job_type, tags, sum(calls), sum(failed_calls), sum(jobs), sum(failed_jobs),
  sum(input_tokens), sum(output_tokens), sum(cost_nano_usd), sum(charge)
FROM usage_by_key GROUP BY team_id, grain, starts, model, job_type, tags;
