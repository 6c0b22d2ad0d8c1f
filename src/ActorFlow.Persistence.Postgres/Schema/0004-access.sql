-- Times are ticks. Of a secret only its SHA-256 is kept. A name is free again once its key is revoked.
CREATE TABLE api_key (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  role text COLLATE "C" NOT NULL,
  hash bytea NOT NULL,
  command text COLLATE "C" NULL,
  created bigint NOT NULL,
  created_by text NOT NULL,
  expires bigint NULL,
  revoked bigint NULL,
  revoked_by text NULL);
CREATE UNIQUE INDEX api_key_name ON api_key (name) WHERE revoked IS NULL;
CREATE UNIQUE INDEX api_key_command ON api_key (command) WHERE command IS NOT NULL;
-- One index only: rows are written by the thousand, and read by time.
CREATE TABLE audit (
  time bigint NOT NULL,
  id text COLLATE "C" NOT NULL,
  caller text COLLATE "C" NOT NULL,
  role text COLLATE "C" NOT NULL,
  verb text COLLATE "C" NOT NULL,
  target text COLLATE "C" NOT NULL,
  command text COLLATE "C" NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  count integer NOT NULL,
  PRIMARY KEY (time, id));
