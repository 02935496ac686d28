CREATE TABLE key_ends (
  key_id   text NOT NULL,
  what     text NOT NULL CHECK (what IN ('expired', 'grace_ended')),
  at       timestamptz(3) NOT NULL,
  PRIMARY KEY (key_id, what, at)
);

CREATE INDEX virtual_keys_expires ON virtual_keys (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX virtual_keys_previous_until ON virtual_keys (previous_until) WHERE previous_until IS NOT NULL;

-- What ended before anybody wrote it down is no news.
INSERT INTO key_ends (key_id, what, at)
SELECT id, 'expired', expires_at FROM virtual_keys WHERE expires_at <= now()
UNION ALL
SELECT id, 'grace_ended', previous_until FROM virtual_keys WHERE previous_until <= now();
