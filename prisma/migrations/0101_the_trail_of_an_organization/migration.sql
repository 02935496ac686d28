-- What is written about a team, its members and its keys is found by the part of the target before the slash.
CREATE INDEX "audit_entries_subject_position_idx"
  ON "audit_entries"(split_part("target", '/', 1), "position");
