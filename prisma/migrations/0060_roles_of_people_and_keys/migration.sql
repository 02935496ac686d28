ALTER TABLE "users" ADD COLUMN     "role" TEXT NOT NULL DEFAULT 'member';

ALTER TABLE "users" ADD CONSTRAINT "users_role_check" CHECK ("role" IN ('admin', 'member'));

ALTER TABLE "virtual_keys" ADD COLUMN     "permissions" TEXT[] DEFAULT ARRAY[]::TEXT[];
