CREATE TABLE "stored_models" (
    "alias" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "upstream_model" TEXT NOT NULL,
    "description" TEXT,
    "input_pico_usd_per_token" BIGINT,
    "output_pico_usd_per_token" BIGINT,
    "status" TEXT NOT NULL,
    "credential_name" TEXT,
    "api_base" TEXT,
    "sealed_key" BYTEA,
    "max_output_tokens" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stored_models_pkey" PRIMARY KEY ("alias")
);

ALTER TABLE "stored_models" ADD CONSTRAINT "stored_models_status_known" CHECK ("status" IN ('active', 'inactive', 'deprecated'));
ALTER TABLE "stored_models" ADD CONSTRAINT "stored_models_price_is_whole" CHECK (("input_pico_usd_per_token" IS NULL) = ("output_pico_usd_per_token" IS NULL));

CREATE TABLE "stored_access_groups" (
    "name" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "description" TEXT,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "aliases" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stored_access_groups_pkey" PRIMARY KEY ("name")
);

CREATE INDEX "teams_access_groups_idx" ON "teams" USING GIN ("access_groups");
