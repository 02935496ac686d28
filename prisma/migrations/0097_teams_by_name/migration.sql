-- Lists of teams in the order of what people call them.
CREATE INDEX "teams_alias_id_idx" ON "teams"("alias", "id");
