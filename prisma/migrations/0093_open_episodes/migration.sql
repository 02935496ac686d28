-- What is told already is looked for every few seconds, however much was told before.
CREATE INDEX "alert_episodes_open" ON "alert_episodes"("kind") WHERE "closed_at" IS NULL;
