CREATE TABLE webhook_endpoints (
  id              uuid PRIMARY KEY,
  organization_id text REFERENCES organizations (id),
  url             text NOT NULL,
  kinds           text[] NOT NULL,
  secret          bytea NOT NULL,
  previous_secret bytea,
  previous_until  timestamptz(3),
  status          text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
  status_reason   text,
  created_by      text NOT NULL,
  created_at      timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE webhook_deliveries (
  id          text PRIMARY KEY,
  endpoint_id uuid NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
  event_id    bigint NOT NULL,
  kind        text NOT NULL,
  body        text NOT NULL,
  status      text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'delivered', 'dead')),
  attempts    integer NOT NULL DEFAULT 0,
  next_at     timestamptz(3) NOT NULL,
  tried_at    timestamptz(3),
  http_status integer,
  complaint   text,
  created_at  timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (endpoint_id, event_id)
);

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, next_at) WHERE status = 'waiting';
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (status, created_at);
