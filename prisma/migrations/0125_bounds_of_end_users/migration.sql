-- End users are bounded as people are, and may be blocked. One that was removed stays as a mark, so that an older
-- state of it can never pass for the newest.
ALTER TABLE "end_users"
  ADD COLUMN "status" TEXT NOT NULL DEFAULT 'active',
  ADD COLUMN "ceilings" JSONB NOT NULL DEFAULT '{}',
  ADD COLUMN "version" BIGINT NOT NULL DEFAULT 1,
  ADD CONSTRAINT "end_users_status_check" CHECK ("status" IN ('active', 'blocked', 'removed'));

-- Whether the gate looks at the end users of an organization: calls of all others cost nothing for it.
ALTER TABLE "organizations" ADD COLUMN "bounds_end_users" BOOLEAN NOT NULL DEFAULT false;
