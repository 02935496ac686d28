-- Alerts of every kind, and what a team's alerts are like.

DROP INDEX "alert_episodes_one_open";
ALTER TABLE "alert_episodes" RENAME COLUMN "threshold" TO "stage";
ALTER TABLE "alert_episodes"
    ADD COLUMN "subject" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "severity" TEXT NOT NULL DEFAULT 'warning',
    ADD COLUMN "places" TEXT[] NOT NULL DEFAULT '{}',
    ADD COLUMN "seen_by" TEXT,
    ADD COLUMN "seen_at" TIMESTAMPTZ(3),
    ADD COLUMN "snoozed_until" TIMESTAMPTZ(3),
    ADD CONSTRAINT "alert_episodes_severity_known" CHECK ("severity" IN ('warning', 'critical'));

-- The message of an alert is named by its place, too.
UPDATE "channel_posts" SET "message" = "message" || '@' || "place" WHERE "kind" = 'alert';
UPDATE "alert_episodes" e SET "places" = ARRAY(
    SELECT DISTINCT p."place" FROM "channel_posts" p
    WHERE p."kind" = 'alert' AND p."facts" ->> 'episodeId' = e."id"::text
);

-- One open episode of a kind for each subject: two workers that see the same crossing write one alert.
CREATE UNIQUE INDEX "alert_episodes_one_open" ON "alert_episodes"("team_id", "kind", "subject") WHERE "closed_at" IS NULL;

CREATE TABLE "alert_policies" (
    "team_id" TEXT NOT NULL,
    "policy" JSONB NOT NULL,

    CONSTRAINT "alert_policies_pkey" PRIMARY KEY ("team_id"),
    CONSTRAINT "alert_policies_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- Keys that end soon are looked for every minute.
CREATE INDEX "virtual_keys_expires_at" ON "virtual_keys"("expires_at") WHERE "expires_at" IS NOT NULL;
