-- Journal, snapshot and tags are as Akka.Persistence.Sql expects them, less its indexes on single columns that no query here uses.
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
