ALTER TABLE workflow_index ADD COLUMN owes integer NOT NULL DEFAULT 3;
CREATE TABLE tombstone (
  key uuid NOT NULL PRIMARY KEY,
  purged bigint NOT NULL,
  sequence bigint NOT NULL);
CREATE INDEX tombstone_purged ON tombstone (purged);
UPDATE actorflow_schema SET version = 3;
