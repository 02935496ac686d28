-- CreateTable
CREATE TABLE "organizations" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'active',
    "status_reason" TEXT,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "version" BIGINT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organizations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "teams" (
    "id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "alias" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'active',
    "status_reason" TEXT,
    "access_groups" TEXT[],
    "budget_mode" TEXT NOT NULL DEFAULT 'job_based',
    "microcredits_per_usd" BIGINT NOT NULL DEFAULT 10000000,
    "tokens_per_credit" BIGINT NOT NULL DEFAULT 10000,
    "markup_basis_points" INTEGER NOT NULL DEFAULT 0,
    "channel_id" TEXT,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "version" BIGINT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "teams_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "virtual_keys" (
    "id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "last_four" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'active',
    "expires_at" TIMESTAMPTZ(3),
    "version" BIGINT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "virtual_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model_aliases" (
    "alias" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_aliases_pkey" PRIMARY KEY ("alias")
);

-- CreateTable
CREATE TABLE "access_groups" (
    "name" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "aliases" TEXT[],
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "access_groups_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "catalog_version" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "version" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "catalog_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credit_accounts" (
    "id" TEXT NOT NULL,
    "team_id" TEXT,
    "balance" BIGINT NOT NULL DEFAULT 0,
    "funded" BIGINT NOT NULL DEFAULT 0,
    "used" BIGINT NOT NULL DEFAULT 0,
    "allotment" BIGINT NOT NULL DEFAULT 0,
    "sequence" BIGINT NOT NULL DEFAULT 0,
    "funding_sequence" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "credit_accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credit_entries" (
    "id" BIGSERIAL NOT NULL,
    "posting_id" UUID NOT NULL,
    "account_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "sequence" BIGINT,
    "balance_after" BIGINT,
    "actor" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage_events" (
    "id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "deployment" TEXT NOT NULL,
    "job_type" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "cost_nano_usd" BIGINT NOT NULL,
    "charge" BIGINT NOT NULL,
    "excess" BIGINT NOT NULL DEFAULT 0,
    "estimated" BOOLEAN NOT NULL DEFAULT false,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3) NOT NULL,
    "posting_id" UUID,

    CONSTRAINT "usage_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage_days" (
    "team_id" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "job_type" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "calls" BIGINT NOT NULL DEFAULT 0,
    "failed_calls" BIGINT NOT NULL DEFAULT 0,
    "input_tokens" BIGINT NOT NULL DEFAULT 0,
    "output_tokens" BIGINT NOT NULL DEFAULT 0,
    "cost_nano_usd" BIGINT NOT NULL DEFAULT 0,
    "charge" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "usage_days_pkey" PRIMARY KEY ("team_id","day","job_type","model")
);

-- CreateTable
CREATE TABLE "drain_positions" (
    "shard" INTEGER NOT NULL,
    "position" TEXT NOT NULL DEFAULT '0-0',

    CONSTRAINT "drain_positions_pkey" PRIMARY KEY ("shard")
);

-- CreateTable
CREATE TABLE "set_aside_events" (
    "shard" INTEGER NOT NULL,
    "position" TEXT NOT NULL,
    "fields" JSONB NOT NULL,
    "complaint" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "set_aside_events_pkey" PRIMARY KEY ("shard","position")
);

-- CreateTable
CREATE TABLE "outbox_events" (
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "receipts" (
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "answer" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "receipts_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "reveal_links" (
    "id" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "sealed" BYTEA,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "opened_at" TIMESTAMPTZ(3),

    CONSTRAINT "reveal_links_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_episodes" (
    "id" UUID NOT NULL,
    "team_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "threshold" INTEGER NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),
    "facts" JSONB NOT NULL,
    "channel_id" TEXT,
    "message_stamp" TEXT,

    CONSTRAINT "alert_episodes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "reason" TEXT,
    "door" TEXT NOT NULL,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "teams_organization_id_id_idx" ON "teams"("organization_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "virtual_keys_hash_key" ON "virtual_keys"("hash");

-- CreateIndex
CREATE INDEX "virtual_keys_team_id_idx" ON "virtual_keys"("team_id");

-- CreateIndex
CREATE UNIQUE INDEX "credit_accounts_team_id_key" ON "credit_accounts"("team_id");

-- CreateIndex
CREATE INDEX "credit_entries_posting_id_idx" ON "credit_entries"("posting_id");

-- CreateIndex
CREATE UNIQUE INDEX "credit_entries_account_id_reference_key" ON "credit_entries"("account_id", "reference");

-- CreateIndex
CREATE UNIQUE INDEX "credit_entries_account_id_sequence_key" ON "credit_entries"("account_id", "sequence");

-- CreateIndex
CREATE INDEX "usage_events_team_id_started_at_idx" ON "usage_events"("team_id", "started_at");

-- CreateIndex
CREATE INDEX "usage_events_posting_id_idx" ON "usage_events"("posting_id");

-- CreateIndex
CREATE INDEX "alert_episodes_team_id_kind_idx" ON "alert_episodes"("team_id", "kind");

-- CreateIndex
CREATE INDEX "audit_entries_target_at_idx" ON "audit_entries"("target", "at");

-- AddForeignKey
ALTER TABLE "teams" ADD CONSTRAINT "teams_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "virtual_keys" ADD CONSTRAINT "virtual_keys_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credit_accounts" ADD CONSTRAINT "credit_accounts_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credit_entries" ADD CONSTRAINT "credit_entries_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "credit_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert_episodes" ADD CONSTRAINT "alert_episodes_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What follows is beyond Prisma's schema language: the rules that the database keeps by itself.

-- Only known words, only possible numbers.
ALTER TABLE "organizations" ADD CONSTRAINT "organizations_status_known" CHECK ("status" IN ('active', 'suspended'));
ALTER TABLE "teams"
  ADD CONSTRAINT "teams_status_known" CHECK ("status" IN ('active', 'suspended', 'paused')),
  ADD CONSTRAINT "teams_budget_mode_known" CHECK ("budget_mode" IN ('job_based', 'consumption_usd', 'consumption_tokens')),
  ADD CONSTRAINT "teams_rates_positive" CHECK ("microcredits_per_usd" > 0 AND "tokens_per_credit" > 0 AND "markup_basis_points" >= 0);
ALTER TABLE "virtual_keys" ADD CONSTRAINT "virtual_keys_status_known" CHECK ("status" IN ('active', 'blocked', 'revoked'));
ALTER TABLE "usage_events"
  ADD CONSTRAINT "usage_events_outcome_known" CHECK ("outcome" IN ('completed', 'failed', 'abandoned')),
  ADD CONSTRAINT "usage_events_never_negative" CHECK ("charge" >= 0 AND "excess" >= 0 AND "cost_nano_usd" >= 0 AND "input_tokens" >= 0 AND "output_tokens" >= 0);
ALTER TABLE "credit_entries"
  ADD CONSTRAINT "credit_entries_kind_known" CHECK ("kind" IN ('grant', 'top_up', 'subscription', 'usage', 'refund', 'adjustment', 'expiry', 'transfer', 'auto_refill')),
  ADD CONSTRAINT "credit_entries_never_nothing" CHECK ("amount" <> 0);

-- An open episode per threshold: two workers that see the same crossing write one alert.
CREATE UNIQUE INDEX "alert_episodes_one_open" ON "alert_episodes"("team_id", "kind", "threshold") WHERE "closed_at" IS NULL;
-- The relay looks for what is unsent and nothing else.
CREATE INDEX "outbox_events_unsent" ON "outbox_events"("id") WHERE "sent_at" IS NULL;

-- The ledger, the audit trail and what was used are written once.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused, write a correcting entry instead', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "credit_entries_append_only" BEFORE UPDATE OR DELETE ON "credit_entries" FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "credit_entries_no_truncate" BEFORE TRUNCATE ON "credit_entries" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "audit_entries_append_only" BEFORE UPDATE OR DELETE ON "audit_entries" FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "audit_entries_no_truncate" BEFORE TRUNCATE ON "audit_entries" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "usage_events_written_once" BEFORE UPDATE ON "usage_events" FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A team's balance moves by entries alone: each entry takes the next place in its account's
-- sequence, moves the balance and remembers it. The row lock of the update orders writers.
CREATE FUNCTION post_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_usage CONSTANT boolean := NEW.kind = 'usage';
  is_allotment CONSTANT boolean := NEW.amount > 0 AND NEW.kind IN ('grant', 'top_up', 'subscription', 'auto_refill', 'adjustment', 'transfer');
BEGIN
  NEW.sequence := NULL;
  NEW.balance_after := NULL;
  UPDATE credit_accounts SET
    balance = balance + NEW.amount,
    sequence = sequence + 1,
    used = used - CASE WHEN is_usage THEN NEW.amount ELSE 0 END,
    funded = funded + CASE WHEN is_usage THEN 0 ELSE NEW.amount END,
    funding_sequence = funding_sequence + CASE WHEN is_usage THEN 0 ELSE 1 END,
    allotment = CASE WHEN is_allotment THEN balance + NEW.amount ELSE allotment END
  WHERE id = NEW.account_id AND team_id IS NOT NULL
  RETURNING sequence, balance INTO NEW.sequence, NEW.balance_after;
  RETURN NEW;
END $$;
CREATE TRIGGER "credit_entries_post" BEFORE INSERT ON "credit_entries" FOR EACH ROW EXECUTE FUNCTION post_entry();

CREATE FUNCTION refuse_direct_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF ROW(NEW.balance, NEW.funded, NEW.used, NEW.allotment, NEW.sequence, NEW.funding_sequence) <> ROW(0, 0, 0, 0, 0, 0) THEN
      RAISE EXCEPTION 'credit_accounts: an account opens at 0, write an entry to fund it' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'credit_accounts: % refused, balances move by entries alone', TG_OP USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "credit_accounts_by_entries_alone" BEFORE INSERT OR UPDATE OR DELETE ON "credit_accounts" FOR EACH ROW EXECUTE FUNCTION refuse_direct_balance();

-- Double entry: at commit the lines of a posting sum to zero.
CREATE FUNCTION check_posting_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE total numeric;
BEGIN
  SELECT sum(amount) INTO total FROM credit_entries WHERE posting_id = NEW.posting_id;
  IF total <> 0 THEN
    RAISE EXCEPTION 'posting % does not balance: its lines sum to %, not 0', NEW.posting_id, total USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "credit_entries_balance" AFTER INSERT ON "credit_entries"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_posting_balances();

-- A usage entry takes exactly what the events that name its posting were charged.
CREATE FUNCTION check_usage_posting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE charged numeric;
BEGIN
  SELECT coalesce(sum(charge), 0) INTO charged FROM usage_events WHERE posting_id = NEW.posting_id;
  IF charged <> -NEW.amount THEN
    RAISE EXCEPTION 'usage posting % takes % but its events were charged %', NEW.posting_id, -NEW.amount, charged USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "credit_entries_usage_named" AFTER INSERT ON "credit_entries"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'usage' AND NEW.sequence IS NOT NULL) EXECUTE FUNCTION check_usage_posting();

-- The one row.
INSERT INTO "catalog_version" ("id") VALUES (1);

-- The house's own side of the double entry.
INSERT INTO "credit_accounts" ("id") VALUES ('house:grants'), ('house:payments'), ('house:usage'), ('house:adjustments');
