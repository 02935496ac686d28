CREATE TABLE catalog_prices (
  name    text PRIMARY KEY,
  price   jsonb NOT NULL,
  offered jsonb,
  version text NOT NULL,
  since   timestamptz(3) NOT NULL
);
