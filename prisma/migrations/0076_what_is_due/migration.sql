-- The worker looks for what is due every few seconds, and mostly nothing is: it reads an index of those alone that can be.
CREATE INDEX "teams_until" ON "teams"("status_until") WHERE "status_until" IS NOT NULL;
CREATE INDEX "organizations_until" ON "organizations"("status_until") WHERE "status_until" IS NOT NULL;
CREATE INDEX "teams_auto_suspend" ON "teams"("id") WHERE "auto_suspend" AND "status" = 'active';
CREATE INDEX "teams_auto_refill" ON "teams"("id") WHERE jsonb_typeof("auto_refill") = 'object';
CREATE INDEX "credit_grants_ending" ON "credit_grants"("expires_at") WHERE "expires_at" IS NOT NULL;
