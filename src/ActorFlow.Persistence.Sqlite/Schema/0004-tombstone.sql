-- Of the rows that are there nobody knows what their runs owe.
ALTER TABLE workflow_index ADD COLUMN owes INTEGER NOT NULL DEFAULT 3;
CREATE TABLE tombstone (
  key BLOB NOT NULL PRIMARY KEY,
  purged INTEGER NOT NULL,
  sequence INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX tombstone_purged ON tombstone (purged);
