ALTER TABLE "teams" ADD COLUMN     "member_permissions" TEXT[] DEFAULT ARRAY[]::TEXT[];

CREATE TABLE "ceiling_plans" (
    "id" TEXT NOT NULL,
    "ceilings" JSONB NOT NULL DEFAULT '{}',
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "created_by" TEXT NOT NULL,
    "updated_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ceiling_plans_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "plan_followers" (
    "subject" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,

    CONSTRAINT "plan_followers_pkey" PRIMARY KEY ("subject")
);

CREATE INDEX "plan_followers_plan_id_idx" ON "plan_followers"("plan_id");

ALTER TABLE "plan_followers" ADD CONSTRAINT "plan_followers_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "ceiling_plans"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What searches of the management door order and look by.
CREATE INDEX "teams_created_at_id_idx" ON "teams"("created_at", "id");

CREATE INDEX "virtual_keys_name_idx" ON "virtual_keys"("name");

CREATE INDEX "virtual_keys_created_at_id_idx" ON "virtual_keys"("created_at", "id");

CREATE INDEX "virtual_keys_user_id_idx" ON "virtual_keys"("user_id");

CREATE INDEX "members_user_id_idx" ON "members"("user_id");

CREATE INDEX "users_id_idx" ON "users"("id");
