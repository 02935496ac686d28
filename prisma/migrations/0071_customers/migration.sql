CREATE TABLE "customers" (
    "organization_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "alias" TEXT,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "customers_pkey" PRIMARY KEY ("organization_id","id")
);

CREATE INDEX "customers_id_idx" ON "customers"("id");

CREATE INDEX "customers_created_at_id_idx" ON "customers"("created_at", "id");

ALTER TABLE "usage_events" ADD COLUMN     "customer_id" TEXT;

CREATE TABLE "usage_by_customer" (
    "organization_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "grain" TEXT NOT NULL,
    "starts" TIMESTAMPTZ(0) NOT NULL,
    "model" TEXT NOT NULL,
    "calls" BIGINT NOT NULL,
    "failed_calls" BIGINT NOT NULL,
    "jobs" BIGINT NOT NULL,
    "failed_jobs" BIGINT NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "cost_nano_usd" BIGINT NOT NULL,
    "charge" BIGINT NOT NULL,

    CONSTRAINT "usage_by_customer_pkey" PRIMARY KEY ("organization_id","customer_id","grain","starts","model")
);

-- What follows is beyond Prisma's schema language.

ALTER TABLE "usage_by_customer" SET (fillfactor = 70);
ALTER TABLE "usage_by_customer" ADD CONSTRAINT "usage_by_customer_grain_known" CHECK ("grain" IN ('day', 'month'));
