-- Where a client can call a model is told before its first call. Written at each start, from the configuration.
ALTER TABLE "model_aliases" ADD COLUMN "dialects" TEXT[] NOT NULL DEFAULT '{openai}';
