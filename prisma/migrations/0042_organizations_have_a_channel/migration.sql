-- An organization has a channel of its own: for its news, and for those of its teams that have none.

ALTER TABLE "organizations" ADD COLUMN "channel_id" TEXT;

-- Whose other places are tried, where a place can't be reached.
ALTER TABLE "channel_posts" ADD COLUMN "organization_id" TEXT;
