-- Pages far behind are found in the index alone.
CREATE INDEX "teams_created_at_id_status_idx" ON "teams"("created_at", "id", "status");
DROP INDEX "teams_created_at_id_idx";
