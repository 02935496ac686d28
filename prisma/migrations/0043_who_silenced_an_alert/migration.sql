-- Who asked for the silence of an alert.

ALTER TABLE "alert_episodes" ADD COLUMN "snoozed_by" TEXT;
