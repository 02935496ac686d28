ALTER TABLE "digest_subscriptions" ADD COLUMN "csv" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "channel_posts" ADD COLUMN "file_id" TEXT;
