-- CreateTable
CREATE TABLE "home_tabs" (
    "user_id" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL,
    "shows" BIGINT NOT NULL,
    "drawing" TEXT NOT NULL,

    CONSTRAINT "home_tabs_pkey" PRIMARY KEY ("user_id")
);

-- CreateIndex
CREATE INDEX "home_tabs_taken_at_idx" ON "home_tabs"("taken_at");
