-- What an organization's alerts are like, and those of its teams where these chose nothing.
CREATE TABLE "organization_alert_policies" (
  "organization_id" TEXT NOT NULL,
  "policy" JSONB NOT NULL,
  CONSTRAINT "organization_alert_policies_pkey" PRIMARY KEY ("organization_id"),
  CONSTRAINT "organization_alert_policies_organization_id_fkey" FOREIGN KEY ("organization_id")
    REFERENCES "organizations" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
