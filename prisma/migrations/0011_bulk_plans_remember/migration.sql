-- What each team was like when the plan was shown: a team that changed since is told, not changed.
ALTER TABLE "bulk_plans" ADD COLUMN "seen" JSONB NOT NULL DEFAULT '{}';
ALTER TABLE "bulk_plans" ALTER COLUMN "seen" DROP DEFAULT;
