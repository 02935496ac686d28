ALTER TABLE "organizations" ADD COLUMN     "ceilings" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "over_allocation" TEXT NOT NULL DEFAULT 'allowed',
ADD COLUMN     "status_until" TIMESTAMPTZ(3),
ADD COLUMN     "time_zone" TEXT NOT NULL DEFAULT 'UTC';

ALTER TABLE "teams" ADD COLUMN     "auto_refill" JSONB,
ADD COLUMN     "auto_suspend" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "ceilings" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "grace_until" TIMESTAMPTZ(3),
ADD COLUMN     "limit_policy" TEXT NOT NULL DEFAULT 'hard',
ADD COLUMN     "model_aliases" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "models" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "overdraft" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "status_until" TIMESTAMPTZ(3);

ALTER TABLE "usage_events" ADD COLUMN     "job_id" TEXT,
ADD COLUMN     "user_id" TEXT;

ALTER TABLE "virtual_keys" ADD COLUMN     "addresses" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "ceilings" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "created_by" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "endpoints" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "last_used_at" TIMESTAMPTZ(3),
ADD COLUMN     "metadata" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "model_aliases" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "models" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "previous_hash" TEXT,
ADD COLUMN     "previous_last_four" TEXT,
ADD COLUMN     "previous_until" TIMESTAMPTZ(3),
ADD COLUMN     "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "user_id" TEXT;

CREATE UNIQUE INDEX "virtual_keys_previous_hash_key" ON "virtual_keys"("previous_hash");

CREATE TABLE "users" (
    "organization_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "email" TEXT,
    "ceilings" JSONB NOT NULL DEFAULT '{}',
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "version" BIGINT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("organization_id","id")
);

CREATE TABLE "members" (
    "team_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "role" TEXT NOT NULL DEFAULT 'user',
    "ceilings" JSONB NOT NULL DEFAULT '{}',
    "version" BIGINT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "members_pkey" PRIMARY KEY ("team_id","user_id")
);

CREATE TABLE "budget_spends" (
    "subject" TEXT NOT NULL,
    "meter" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "spent_nano_usd" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "budget_spends_pkey" PRIMARY KEY ("subject","meter","starts_at")
);

CREATE TABLE "credit_grants" (
    "id" UUID NOT NULL,
    "team_id" TEXT NOT NULL,
    "posting_id" UUID NOT NULL,
    "priority" INTEGER NOT NULL DEFAULT 50,
    "category" TEXT NOT NULL DEFAULT 'paid',
    "amount" BIGINT NOT NULL,
    "remaining" BIGINT NOT NULL,
    "effective_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "warned_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credit_grants_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "grant_uses" (
    "posting_id" UUID NOT NULL,
    "grant_id" UUID NOT NULL,
    "amount" BIGINT NOT NULL,
    "returned" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "grant_uses_pkey" PRIMARY KEY ("posting_id","grant_id")
);

CREATE TABLE "jobs" (
    "id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "user_id" TEXT,
    "job_type" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "error_message" TEXT,
    "charge" BIGINT NOT NULL DEFAULT 0,
    "credit_applied" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "jobs_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "members_organization_id_user_id_idx" ON "members"("organization_id", "user_id");

CREATE INDEX "credit_grants_team_id_expires_at_idx" ON "credit_grants"("team_id", "expires_at");

CREATE INDEX "jobs_team_id_created_at_idx" ON "jobs"("team_id", "created_at");

CREATE INDEX "jobs_status_expires_at_idx" ON "jobs"("status", "expires_at");

CREATE INDEX "usage_events_job_id_idx" ON "usage_events"("job_id");

ALTER TABLE "users" ADD CONSTRAINT "users_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "members" ADD CONSTRAINT "members_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "members" ADD CONSTRAINT "members_organization_id_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "users"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "credit_grants" ADD CONSTRAINT "credit_grants_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "grant_uses" ADD CONSTRAINT "grant_uses_grant_id_fkey" FOREIGN KEY ("grant_id") REFERENCES "credit_grants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "jobs" ADD CONSTRAINT "jobs_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What follows is beyond Prisma's schema language: the rules that the database keeps by itself.

ALTER TABLE "organizations"
  DROP CONSTRAINT "organizations_status_known",
  ADD CONSTRAINT "organizations_status_known" CHECK ("status" IN ('active', 'suspended', 'paused', 'archived')),
  ADD CONSTRAINT "organizations_over_allocation_known" CHECK ("over_allocation" IN ('allowed', 'refused'));
ALTER TABLE "teams"
  DROP CONSTRAINT "teams_status_known",
  ADD CONSTRAINT "teams_status_known" CHECK ("status" IN ('active', 'suspended', 'paused', 'archived')),
  ADD CONSTRAINT "teams_limit_policy_known" CHECK ("limit_policy" IN ('hard', 'soft', 'unlimited')),
  ADD CONSTRAINT "teams_overdraft_never_negative" CHECK ("overdraft" >= 0);
ALTER TABLE "budget_spends" ADD CONSTRAINT "budget_spends_never_negative" CHECK ("spent_nano_usd" >= 0);
ALTER TABLE "credit_grants"
  ADD CONSTRAINT "credit_grants_category_known" CHECK ("category" IN ('paid', 'promotional')),
  ADD CONSTRAINT "credit_grants_remaining_within" CHECK ("amount" > 0 AND "remaining" >= 0 AND "remaining" <= "amount");
ALTER TABLE "grant_uses" ADD CONSTRAINT "grant_uses_returned_within" CHECK ("amount" > 0 AND "returned" >= 0 AND "returned" <= "amount");
ALTER TABLE "jobs"
  ADD CONSTRAINT "jobs_status_known" CHECK ("status" IN ('pending', 'in_progress', 'completed', 'failed', 'cancelled', 'expired')),
  ADD CONSTRAINT "jobs_charge_never_negative" CHECK ("charge" >= 0);

-- A job that ended stays as it ended.
CREATE FUNCTION refuse_ended_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status IN ('completed', 'failed', 'cancelled', 'expired') AND NEW.status <> OLD.status THEN
    RAISE EXCEPTION 'job % has ended as %', OLD.id, OLD.status;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "jobs_end_once" BEFORE UPDATE ON "jobs" FOR EACH ROW EXECUTE FUNCTION refuse_ended_job();

-- What teams have now came before grants did: it stands as one grant that never ends.
INSERT INTO "credit_grants" ("id", "team_id", "posting_id", "amount", "remaining", "effective_at")
SELECT gen_random_uuid(), "team_id", gen_random_uuid(), "balance", "balance", now()
FROM "credit_accounts" WHERE "team_id" IS NOT NULL AND "balance" > 0;

-- The drain looks for what is left, and most grants are spent.
CREATE INDEX "credit_grants_left" ON "credit_grants"("team_id") WHERE "remaining" > 0;

-- How many jobs a team has open is asked for each new one.
CREATE INDEX "jobs_open" ON "jobs"("team_id") WHERE "status" IN ('pending', 'in_progress');
