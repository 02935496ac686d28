CREATE TABLE "brought_usage" (
  "team_id" TEXT NOT NULL,
  "key_id" TEXT NOT NULL,
  "starts" TIMESTAMPTZ(0) NOT NULL,
  "model" TEXT NOT NULL,
  "job_type" TEXT NOT NULL,
  "user_id" TEXT,
  "calls" BIGINT NOT NULL,
  "failed_calls" BIGINT NOT NULL,
  "jobs" BIGINT NOT NULL,
  "failed_jobs" BIGINT NOT NULL,
  "input_tokens" BIGINT NOT NULL,
  "output_tokens" BIGINT NOT NULL,
  "cost_nano_usd" BIGINT NOT NULL,
  CONSTRAINT "brought_usage_pkey" PRIMARY KEY ("team_id", "starts", "key_id", "model", "job_type")
);
CREATE INDEX "brought_usage_key_id_starts_idx" ON "brought_usage" ("key_id", "starts");

CREATE TABLE "brought_usage_of_end_users" (
  "organization_id" TEXT NOT NULL,
  "end_user_id" TEXT NOT NULL,
  "starts" TIMESTAMPTZ(0) NOT NULL,
  "model" TEXT NOT NULL,
  "calls" BIGINT NOT NULL,
  "failed_calls" BIGINT NOT NULL,
  "jobs" BIGINT NOT NULL,
  "failed_jobs" BIGINT NOT NULL,
  "input_tokens" BIGINT NOT NULL,
  "output_tokens" BIGINT NOT NULL,
  "cost_nano_usd" BIGINT NOT NULL,
  CONSTRAINT "brought_usage_of_end_users_pkey" PRIMARY KEY ("organization_id", "end_user_id", "starts", "model")
);
