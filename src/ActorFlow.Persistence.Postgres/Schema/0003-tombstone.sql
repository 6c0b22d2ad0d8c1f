-- Of the rows that are there nobody knows what their runs owe.
ALTER TABLE workflow_index ADD COLUMN owes integer NOT NULL DEFAULT 3;
CREATE TABLE tombstone (
  key uuid NOT NULL PRIMARY KEY,
  purged bigint NOT NULL,
  sequence bigint NOT NULL);
CREATE INDEX tombstone_purged ON tombstone (purged);
