-- A customer is an organization; whom it calls for is an end user.
ALTER TABLE "customers" RENAME TO "end_users";
ALTER TABLE "end_users" RENAME CONSTRAINT "customers_pkey" TO "end_users_pkey";
ALTER INDEX "customers_id_idx" RENAME TO "end_users_id_idx";
ALTER INDEX "customers_created_at_id_idx" RENAME TO "end_users_created_at_id_idx";

ALTER TABLE "usage_events" RENAME COLUMN "customer_id" TO "end_user_id";

ALTER TABLE "usage_by_customer" RENAME TO "usage_by_end_user";
ALTER TABLE "usage_by_end_user" RENAME COLUMN "customer_id" TO "end_user_id";
ALTER TABLE "usage_by_end_user" RENAME CONSTRAINT "usage_by_customer_pkey" TO "usage_by_end_user_pkey";
ALTER TABLE "usage_by_end_user" RENAME CONSTRAINT "usage_by_customer_grain_known" TO "usage_by_end_user_grain_known";
