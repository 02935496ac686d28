CREATE TABLE "digest_subscriptions" (
    "channel_id" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "every" TEXT NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "digest_subscriptions_pkey" PRIMARY KEY ("channel_id", "subject")
);

CREATE INDEX "digest_subscriptions_next_at_idx" ON "digest_subscriptions"("next_at");
