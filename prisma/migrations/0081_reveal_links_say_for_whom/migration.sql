-- AlterTable
ALTER TABLE "reveal_links" ADD COLUMN     "made_for" TEXT NOT NULL DEFAULT '';
