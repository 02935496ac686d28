CREATE TABLE "usage_by_organization" (
    "organization_id" TEXT NOT NULL,
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

    CONSTRAINT "usage_by_organization_pkey" PRIMARY KEY ("organization_id","grain","starts","model","job_type","tags")
);

-- What follows is beyond Prisma's schema language.

ALTER TABLE "usage_by_organization" SET (fillfactor = 70);
ALTER TABLE "usage_by_organization" ADD CONSTRAINT "usage_by_organization_grain_known" CHECK ("grain" IN ('hour', 'day', 'month'));

INSERT INTO "usage_by_organization"
SELECT t.organization_id, u.grain, u.starts, u.model, u.job_type, u.tags, sum(u.calls), sum(u.failed_calls), sum(u.jobs),
  sum(u.failed_jobs), sum(u.input_tokens), sum(u.output_tokens), sum(u.cost_nano_usd), sum(u.charge)
FROM usage_by_team AS u JOIN teams AS t ON t.id = u.team_id
GROUP BY t.organization_id, u.grain, u.starts, u.model, u.job_type, u.tags;
