CREATE TABLE payload (
  persistence_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (persistence_id, hash)) WITHOUT ROWID;
