-- CreateTable
CREATE TABLE "bulk_plans" (
    "id" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "action" JSONB NOT NULL,
    "team_ids" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "bulk_plans_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "bulk_plans_created_at_idx" ON "bulk_plans"("created_at");
