CREATE TABLE journal (
  ordering INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  created INTEGER NOT NULL,
  deleted BIT NOT NULL,
  persistence_id NVARCHAR(255) NOT NULL,
  sequence_number INTEGER NOT NULL,
  message VARBINARY NOT NULL,
  manifest NVARCHAR(500) NULL,
  identifier INTEGER NULL,
  writer_uuid NVARCHAR(128) NULL);
CREATE UNIQUE INDEX journal_uq ON journal (persistence_id, sequence_number);
CREATE TABLE tags (
  ordering_id INTEGER NOT NULL,
  tag NVARCHAR(64) NOT NULL,
  sequence_nr INTEGER NOT NULL,
  persistence_id NVARCHAR(255) NOT NULL,
  PRIMARY KEY (ordering_id, tag));
CREATE INDEX tags_persistence_id_sequence_nr_idx ON tags (persistence_id, sequence_nr);
CREATE INDEX tags_tag_idx ON tags (tag);
CREATE TABLE snapshot (
  persistence_id NVARCHAR(255) NOT NULL,
  sequence_number INTEGER NOT NULL,
  created INTEGER NOT NULL,
  snapshot VARBINARY NULL,
  manifest NVARCHAR(500) NULL,
  serializer_id INTEGER NULL,
  PRIMARY KEY (persistence_id, sequence_number));
CREATE TABLE definition (
  hash TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  document BLOB NOT NULL,
  created TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE payload (
  persistence_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (persistence_id, hash)) WITHOUT ROWID;
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
INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
VALUES (1780000000000, 0, 'other-1', 1, x'00FF', 'm.1', 17, 'w');
INSERT INTO snapshot VALUES ('other-1', 1, 639000000000000000, x'0102', 'm.1', 17);
INSERT INTO payload VALUES ('other-1', 'p1', x'22612222');
INSERT INTO definition VALUES ('h1', 'order', 2, x'7B7D', '2026-01-02T03:04:05.0000006+00:00');
INSERT INTO definition_version VALUES ('order', 2, 'h1', 639000000000000000);
INSERT INTO workflow_index (
  id, run_id, sequence, definition, version, status, started, updated, parent, tags, closed, wake_at, next_poll_at,
  failure_type, failure_message, search, purged)
VALUES ('run-1', '0192f0c0000070008000000000000001', 3, 'order', 2, 'failed', 639000000000000000, 639000000010000000, NULL,
  '{"team":"blue"}', 639000000010000000, NULL, 0, 'T', 'M', 'RUN-1', NULL);
INSERT INTO workflow_tag VALUES ('team', 'blue', 639000000000000000, 'run-1');
PRAGMA application_id=1095126103;
PRAGMA user_version=3;
