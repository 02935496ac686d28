-- A part of a name or of an address is looked up by its threes of letters, however many rows there are.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE INDEX "teams_id_trigrams" ON "teams" USING GIN ("id" gin_trgm_ops);
CREATE INDEX "teams_alias_trigrams" ON "teams" USING GIN ("alias" gin_trgm_ops);
CREATE INDEX "virtual_keys_name_trigrams" ON "virtual_keys" USING GIN ("name" gin_trgm_ops);
CREATE INDEX "users_email_trigrams" ON "users" USING GIN ("email" gin_trgm_ops);

-- Whose channel this is, is asked with every command.
CREATE INDEX "teams_channel_id_idx" ON "teams"("channel_id");

CREATE INDEX "users_created_at_id_idx" ON "users"("created_at", "id");

-- Counted without a look at the rows.
CREATE INDEX "virtual_keys_organization_id_status_idx" ON "virtual_keys"("organization_id", "status");
