CREATE TABLE budget_periods (
  subject         text NOT NULL,
  meter           text NOT NULL,
  starts_at       timestamptz(3) NOT NULL,
  ends_at         timestamptz(3) NOT NULL,
  organization_id text NOT NULL,
  team_id         text,
  duration        text NOT NULL,
  model           text,
  max_nano_usd    bigint NOT NULL,
  periods         integer NOT NULL DEFAULT 1,
  refused_calls   integer,
  due_at          timestamptz(3) NOT NULL,
  ended_at        timestamptz(3),
  PRIMARY KEY (subject, meter, starts_at),
  CHECK (starts_at < ends_at)
);

CREATE UNIQUE INDEX budget_periods_present ON budget_periods (subject, meter) WHERE ended_at IS NULL;
CREATE INDEX budget_periods_due ON budget_periods (due_at) WHERE ended_at IS NULL;

-- Budgets that are there already: their periods begin to be kept when these are told.
INSERT INTO outbox_events (kind, payload)
SELECT 'organization.changed', jsonb_build_object('organizationId', id) FROM organizations WHERE ceilings ? 'budgets'
UNION ALL
SELECT 'team.changed', jsonb_build_object('teamId', id) FROM teams WHERE ceilings ? 'budgets'
UNION ALL
SELECT 'key.changed', jsonb_build_object('keyId', id) FROM virtual_keys WHERE ceilings ? 'budgets'
UNION ALL
SELECT 'user.changed', jsonb_build_object('organizationId', organization_id, 'userId', id) FROM users WHERE ceilings ? 'budgets'
UNION ALL
SELECT 'member.changed', jsonb_build_object('teamId', team_id, 'memberId', user_id) FROM members WHERE ceilings ? 'budgets';
