-- What a client said that a call of its job is for. Only calls that say so have a row.
CREATE TABLE "job_call_purposes" (
  "job_id" TEXT NOT NULL,
  "call_id" TEXT NOT NULL,
  "organization_id" TEXT NOT NULL,
  "purpose" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "job_call_purposes_pkey" PRIMARY KEY ("job_id", "call_id")
);
-- They go with the calls of their organization.
CREATE INDEX "job_call_purposes_organization_id_created_at_idx" ON "job_call_purposes" ("organization_id", "created_at");
