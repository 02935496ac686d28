-- What looks for unusual use asks for the last hours of all teams, every few seconds.
CREATE INDEX "usage_by_team_hours" ON "usage_by_team" ("starts") WHERE "grain" = 'hour';
