ALTER TABLE "organizations" ADD COLUMN "models" TEXT[] NOT NULL DEFAULT '{}';

-- What was kept for show holds from now on.
UPDATE "organizations"
SET "models" = ARRAY(SELECT jsonb_array_elements_text("metadata"->'_litellm'->'models')),
    "metadata" = "metadata" #- '{_litellm,models}'
WHERE jsonb_typeof("metadata"->'_litellm'->'models') = 'array';
