-- What is free and done after its change is kept as a proposal that needs no approval: so it counts from then on.

ALTER TABLE "proposals"
  DROP CONSTRAINT "proposals_approvals_needed",
  ADD CONSTRAINT "proposals_approvals_needed" CHECK ("approvals_needed" BETWEEN 0 AND 10);
