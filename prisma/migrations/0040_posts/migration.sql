-- What is to be said in Slack, in order for each place, and said once.

CREATE TABLE "channel_posts" (
    "id" BIGSERIAL NOT NULL,
    "place" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "manner" TEXT NOT NULL DEFAULT 'say',
    "message" TEXT,
    "merge_key" TEXT,
    "facts" JSONB NOT NULL,
    "team_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "due_at" TIMESTAMPTZ(3),
    "tried_at" TIMESTAMPTZ(3),
    "tries" INTEGER NOT NULL DEFAULT 0,
    "over_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "complaint" TEXT,
    "channel_id" TEXT,
    "stamp" TEXT,

    CONSTRAINT "channel_posts_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "channel_posts_manner" CHECK ("manner" IN ('say', 'keep', 'reply')),
    CONSTRAINT "channel_posts_named" CHECK ("manner" = 'say' OR "message" IS NOT NULL),
    CONSTRAINT "channel_posts_over" CHECK (("over_at" IS NULL) = ("outcome" IS NULL))
);

CREATE INDEX "channel_posts_message_idx" ON "channel_posts"("message");
-- What waits is little, whatever was ever said.
CREATE INDEX "channel_posts_waiting" ON "channel_posts"("place", "id") WHERE "over_at" IS NULL;
CREATE INDEX "channel_posts_over_at" ON "channel_posts"("over_at") WHERE "over_at" IS NOT NULL;

CREATE TABLE "post_places" (
    "place" TEXT NOT NULL,
    "holder" TEXT,
    "held_until" TIMESTAMPTZ(3),
    "next_at" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "lost_at" TIMESTAMPTZ(3),

    CONSTRAINT "post_places_pkey" PRIMARY KEY ("place")
);

-- Alerts that stand in a channel are kept current where they stand.
INSERT INTO "channel_posts"
    ("place", "kind", "manner", "message", "facts", "team_id", "over_at", "outcome", "channel_id", "stamp")
SELECT "channel_id", 'alert', 'keep', 'alert:' || "id", jsonb_build_object('episodeId', "id"), "team_id",
    CURRENT_TIMESTAMP, 'said', "channel_id", "message_stamp"
FROM "alert_episodes" WHERE "message_stamp" IS NOT NULL AND "channel_id" IS NOT NULL;

-- Those that stand nowhere yet are to be said.
INSERT INTO "channel_posts" ("place", "kind", "manner", "message", "facts", "team_id")
SELECT COALESCE("channel_id", 'operators'), 'alert', 'keep', 'alert:' || "id",
    jsonb_build_object('episodeId', "id"), "team_id"
FROM "alert_episodes" WHERE "message_stamp" IS NULL AND "closed_at" IS NULL;

ALTER TABLE "alert_episodes" DROP COLUMN "channel_id", DROP COLUMN "message_stamp";
