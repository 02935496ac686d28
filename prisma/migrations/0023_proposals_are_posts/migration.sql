-- What stands in Slack of a proposal is said by posts. Cards that stand there are taken over, so that they go on
-- being brought up to date. A new database has this before it has posts, and no cards.
DO $$
BEGIN
  IF to_regclass('channel_posts') IS NOT NULL THEN
    INSERT INTO "channel_posts" ("place", "kind", "manner", "message", "facts", "team_id", "over_at", "outcome", "channel_id", "stamp")
    SELECT c.place, 'proposal', 'keep', 'proposal:' || c.proposal_id || ':' || c.place,
      jsonb_build_object('proposalId', c.proposal_id), p.team_id, now(), 'said', c.channel_id, c.stamp
    FROM "proposal_posts" c JOIN "proposals" p ON p.id = c.proposal_id;
  END IF;
END $$;

ALTER TABLE "proposal_posts" RENAME TO "proposal_places";
ALTER TABLE "proposal_places" RENAME CONSTRAINT "proposal_posts_pkey" TO "proposal_places_pkey";
ALTER TABLE "proposal_places" RENAME CONSTRAINT "proposal_posts_proposal_id_fkey" TO "proposal_places_proposal_id_fkey";
ALTER TABLE "proposal_places" ADD COLUMN "reminded" BOOLEAN NOT NULL DEFAULT false;
UPDATE "proposal_places" SET "reminded" = true WHERE "reminder_stamp" IS NOT NULL;
ALTER TABLE "proposal_places" DROP COLUMN "channel_id", DROP COLUMN "stamp", DROP COLUMN "reminder_stamp";
