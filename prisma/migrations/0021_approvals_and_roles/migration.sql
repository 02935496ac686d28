-- CreateTable
CREATE TABLE "proposals" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "team_id" TEXT,
    "action" JSONB NOT NULL,
    "reference" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "proposed_by" TEXT NOT NULL,
    "door" TEXT NOT NULL,
    "channel_id" TEXT,
    "approvals_needed" INTEGER NOT NULL,
    "approvers" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "seen" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "remind_at" TIMESTAMPTZ(3) NOT NULL,
    "reminded_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3),
    "decided_by" TEXT,
    "decision_reason" TEXT,
    "urgent" BOOLEAN NOT NULL DEFAULT false,
    "outcome" JSONB,

    CONSTRAINT "proposals_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "proposal_decisions" (
    "proposal_id" UUID NOT NULL,
    "actor" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "proposal_decisions_pkey" PRIMARY KEY ("proposal_id","actor")
);

-- CreateTable
CREATE TABLE "proposal_posts" (
    "proposal_id" UUID NOT NULL,
    "place" TEXT NOT NULL,
    "channel_id" TEXT NOT NULL,
    "stamp" TEXT NOT NULL,
    "reminder_stamp" TEXT,

    CONSTRAINT "proposal_posts_pkey" PRIMARY KEY ("proposal_id","place")
);

-- CreateTable
CREATE TABLE "role_grants" (
    "id" UUID NOT NULL,
    "holder" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL DEFAULT '',
    "given_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "role_grants_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "proposals_reference_key" ON "proposals"("reference");

-- CreateIndex
CREATE INDEX "proposals_status_expires_at_idx" ON "proposals"("status", "expires_at");

-- CreateIndex
CREATE INDEX "proposals_created_at_idx" ON "proposals"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "role_grants_holder_role_organization_id_key" ON "role_grants"("holder", "role", "organization_id");

-- CreateIndex
CREATE INDEX "credit_entries_actor_created_at_idx" ON "credit_entries"("actor", "created_at");

-- AddForeignKey
ALTER TABLE "proposal_decisions" ADD CONSTRAINT "proposal_decisions_proposal_id_fkey" FOREIGN KEY ("proposal_id") REFERENCES "proposals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposal_posts" ADD CONSTRAINT "proposal_posts_proposal_id_fkey" FOREIGN KEY ("proposal_id") REFERENCES "proposals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What follows is beyond Prisma's schema language: the rules that the database keeps by itself.

ALTER TABLE "proposals"
  ADD CONSTRAINT "proposals_status_known" CHECK ("status" IN ('pending', 'approved', 'applied', 'failed', 'rejected', 'expired', 'withdrawn')),
  ADD CONSTRAINT "proposals_approvals_needed" CHECK ("approvals_needed" BETWEEN 1 AND 10);
ALTER TABLE "role_grants" ADD CONSTRAINT "role_grants_role_known" CHECK ("role" IN ('owner', 'manager', 'approver', 'viewer'));

-- A decision is never taken back, and what was proposed never changes.
CREATE FUNCTION keep_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> OLD.status AND NOT (
    OLD.status = 'pending' OR (OLD.status = 'approved' AND NEW.status IN ('applied', 'failed'))
  ) THEN
    RAISE EXCEPTION 'proposal % is %: it cannot become %', OLD.id, OLD.status, NEW.status
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.kind, NEW.action, NEW.reference, NEW.proposed_by, NEW.approvals_needed)
    IS DISTINCT FROM (OLD.kind, OLD.action, OLD.reference, OLD.proposed_by, OLD.approvals_needed) THEN
    RAISE EXCEPTION 'proposal %: what was proposed cannot be changed', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "proposals_kept" BEFORE UPDATE ON "proposals" FOR EACH ROW EXECUTE FUNCTION keep_proposal();
CREATE TRIGGER "proposals_no_delete" BEFORE DELETE ON "proposals" FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Nobody approves their own.
CREATE FUNCTION refuse_own_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM proposals p WHERE p.id = NEW.proposal_id AND p.proposed_by = NEW.actor) THEN
    RAISE EXCEPTION 'proposal %: nobody approves their own', NEW.proposal_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "proposal_decisions_not_own" BEFORE INSERT ON "proposal_decisions" FOR EACH ROW EXECUTE FUNCTION refuse_own_approval();
CREATE TRIGGER "proposal_decisions_append_only" BEFORE UPDATE OR DELETE ON "proposal_decisions" FOR EACH ROW EXECUTE FUNCTION refuse_change();
