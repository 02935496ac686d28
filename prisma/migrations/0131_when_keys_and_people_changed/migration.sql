-- When somebody changed it last; of what is there already no more is known than when it was made.
ALTER TABLE "virtual_keys" ADD COLUMN "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
UPDATE "virtual_keys" SET "updated_at" = "created_at";
ALTER TABLE "users" ADD COLUMN "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
UPDATE "users" SET "updated_at" = "created_at";
-- Keys are listed in the order of their changes.
CREATE INDEX "virtual_keys_updated_at_id_idx" ON "virtual_keys" ("updated_at", "id");
