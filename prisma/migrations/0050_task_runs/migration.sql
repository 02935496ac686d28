CREATE TABLE task_runs (
  task            text PRIMARY KEY,
  every_ms        bigint,
  started_at      timestamptz(3),
  succeeded_at    timestamptz(3),
  failed_at       timestamptz(3),
  failing_since   timestamptz(3),
  told_at         timestamptz(3),
  complaint       text,
  duration_ms     integer,
  successes       bigint NOT NULL DEFAULT 0,
  failures        bigint NOT NULL DEFAULT 0,
  backlog         bigint NOT NULL DEFAULT 0,
  lag_ms          bigint NOT NULL DEFAULT 0,
  measured_at     timestamptz(3)
);
