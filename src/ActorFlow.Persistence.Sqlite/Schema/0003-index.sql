-- Times are ticks. The two indexes by start hold what lists ask for, so that rows that do not fit are not looked up; text has
-- one of its own, since it is long and hardly ever changes.
CREATE TABLE workflow_index (
  id TEXT NOT NULL PRIMARY KEY,
  run_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  definition TEXT NOT NULL,
  version INTEGER NOT NULL,
  status TEXT NOT NULL,
  parent TEXT NULL,
  tags TEXT NULL,
  started INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  closed INTEGER NULL,
  wake_at INTEGER NULL,
  next_poll_at INTEGER NOT NULL,
  failure_type TEXT NULL,
  failure_message TEXT NULL,
  search TEXT NOT NULL,
  purged INTEGER NULL);
CREATE INDEX workflow_index_started ON workflow_index (started, id, status, definition, version) WHERE purged IS NULL;
CREATE INDEX workflow_index_text ON workflow_index (started, id, search) WHERE purged IS NULL;
CREATE INDEX workflow_index_parent ON workflow_index (parent, started, id) WHERE parent IS NOT NULL;
CREATE INDEX workflow_index_wake_at ON workflow_index (wake_at, next_poll_at) WHERE wake_at IS NOT NULL;
CREATE INDEX workflow_index_closed ON workflow_index (closed, next_poll_at) WHERE closed IS NOT NULL AND purged IS NULL;
CREATE INDEX workflow_index_purged ON workflow_index (purged) WHERE purged IS NOT NULL;
CREATE TABLE workflow_tag (
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  started INTEGER NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (key, value, started, id)) WITHOUT ROWID;
CREATE TABLE definition_version (
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  hash TEXT NOT NULL,
  registered INTEGER NOT NULL,
  PRIMARY KEY (name, version)) WITHOUT ROWID;
