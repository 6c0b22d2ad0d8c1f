CREATE TABLE api_key (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  hash BLOB NOT NULL,
  command TEXT NULL,
  created INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  expires INTEGER NULL,
  revoked INTEGER NULL,
  revoked_by TEXT NULL) WITHOUT ROWID;
CREATE UNIQUE INDEX api_key_name ON api_key (name) WHERE revoked IS NULL;
CREATE UNIQUE INDEX api_key_command ON api_key (command) WHERE command IS NOT NULL;
CREATE TABLE audit (
  time INTEGER NOT NULL,
  id TEXT NOT NULL,
  caller TEXT NOT NULL,
  role TEXT NOT NULL,
  verb TEXT NOT NULL,
  target TEXT NOT NULL,
  command TEXT NOT NULL,
  outcome TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (time, id)) WITHOUT ROWID;
PRAGMA user_version=5;
