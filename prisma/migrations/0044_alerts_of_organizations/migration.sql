-- Alerts of organizations and of people in several teams: they have no single team.

ALTER TABLE "alert_episodes" ADD COLUMN "organization_id" TEXT;
UPDATE "alert_episodes" e SET "organization_id" = t."organization_id" FROM "teams" t WHERE t."id" = e."team_id";
ALTER TABLE "alert_episodes"
    ALTER COLUMN "organization_id" SET NOT NULL,
    ALTER COLUMN "team_id" DROP NOT NULL;
ALTER TABLE "alert_episodes" DROP CONSTRAINT "alert_episodes_team_id_fkey";
ALTER TABLE "alert_episodes"
    ADD CONSTRAINT "alert_episodes_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE SET NULL ON UPDATE CASCADE,
    ADD CONSTRAINT "alert_episodes_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- One open episode of a kind for each subject: two workers that see the same crossing write one alert.
DROP INDEX "alert_episodes_one_open";
CREATE UNIQUE INDEX "alert_episodes_one_open"
    ON "alert_episodes"("organization_id", COALESCE("team_id", ''), "kind", "subject") WHERE "closed_at" IS NULL;
