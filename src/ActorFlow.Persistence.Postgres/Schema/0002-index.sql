-- The index by start holds what lists ask for, so that rows that do not fit are not looked up. An entry of an index has 2.7 KB
-- at most: text that is searched is in none, and a long word of a tag has its hash there. Where a table is small, all its
-- indexes cost the same, and the choice stays when it grows: so each statement has but one that fits.
CREATE TABLE workflow_index (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  run_id uuid NOT NULL,
  sequence bigint NOT NULL,
  definition text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  status text COLLATE "C" NOT NULL,
  parent text COLLATE "C" NULL,
  tags jsonb NULL,
  started bigint NOT NULL,
  updated bigint NOT NULL,
  closed bigint NULL,
  wake_at bigint NULL,
  next_poll_at bigint NOT NULL,
  failure_type text NULL,
  failure_message text NULL,
  search text COLLATE "C" NOT NULL,
  purged bigint NULL);
CREATE INDEX workflow_index_started ON workflow_index (started, id, status, definition, version) WHERE purged IS NULL;
CREATE INDEX workflow_index_parent ON workflow_index (parent, started, id) WHERE parent IS NOT NULL;
CREATE INDEX workflow_index_wake_at ON workflow_index (wake_at, next_poll_at) WHERE wake_at IS NOT NULL;
CREATE INDEX workflow_index_closed ON workflow_index (closed, next_poll_at) WHERE closed IS NOT NULL AND purged IS NULL;
CREATE INDEX workflow_index_purged ON workflow_index (purged) WHERE purged IS NOT NULL;
CREATE TABLE workflow_tag (
  key text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  started bigint NOT NULL,
  id text COLLATE "C" NOT NULL,
  PRIMARY KEY (id, key, value));
CREATE INDEX workflow_tag_word ON workflow_tag (key, value, started) INCLUDE (id);
CREATE FUNCTION workflow_tag_word(word text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT CASE WHEN octet_length(word) <= 400 THEN word ELSE encode(sha256(convert_to(word, 'UTF8')), 'hex') END $$;
