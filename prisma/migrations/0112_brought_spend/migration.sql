CREATE TABLE "brought_spends" (
  "name" TEXT NOT NULL,
  "nano_usd" BIGINT NOT NULL,
  "brought_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "brought_spends_pkey" PRIMARY KEY ("name")
);
