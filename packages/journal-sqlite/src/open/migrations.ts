import type { DatabaseSync } from 'node:sqlite'
import { sortRevisions } from './sort-revisions.ts'

/** Marks a SQLite file as a journal of cdrstream: "cdrJ". */
export const applicationId = 0x6364724a

/** SQL, or code where SQL is not enough. */
export type Migration = string | ((database: DatabaseSync) => void)

/**
 * The steps from each schema version to the next, forward only. The first one creates version 1. Never edit a
 * released step; append a new one. Each runs in its own transaction.
 */
export const migrations: readonly Migration[] = [
  `
  PRAGMA application_id = ${applicationId};

  CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    incarnation TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    -- Which of revision_0 and revision_1 takes new keys, and since when.
    generation INTEGER NOT NULL DEFAULT 0,
    generation_since_ms INTEGER
  ) STRICT;

  CREATE TABLE org (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

  -- progress: everything but the coverage, as JSON.
  CREATE TABLE scope (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    org_id INTEGER NOT NULL REFERENCES org,
    progress TEXT NOT NULL
  ) STRICT;

  CREATE TABLE coverage (
    scope_id INTEGER NOT NULL REFERENCES scope,
    from_sec INTEGER NOT NULL,
    to_sec INTEGER NOT NULL,
    level TEXT NOT NULL,
    PRIMARY KEY (scope_id, from_sec)
  ) STRICT, WITHOUT ROWID;

  -- The records first_offset … last_offset of one commit. Payloads have their own table, so that scans of
  -- this one are fast.
  CREATE TABLE block (
    last_offset INTEGER PRIMARY KEY,
    first_offset INTEGER NOT NULL,
    org_id INTEGER NOT NULL REFERENCES org,
    commit_id TEXT NOT NULL,
    -- When the newest record was accepted.
    accepted_at_ms INTEGER NOT NULL,
    decoded_bytes INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE payload (
    last_offset INTEGER PRIMARY KEY REFERENCES block ON DELETE CASCADE,
    zstd BLOB NOT NULL
  ) STRICT;

  -- The newest pruned blocks, so that the journal recognizes their positions.
  CREATE TABLE commit_log (
    last_offset INTEGER PRIMARY KEY,
    first_offset INTEGER NOT NULL,
    commit_id TEXT NOT NULL
  ) STRICT;

  -- Keys are remembered in two generations. The older one is emptied all at once, without a search.
  CREATE TABLE revision_0 (
    org_id INTEGER NOT NULL,
    key BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    rank INTEGER NOT NULL,
    home INTEGER NOT NULL,
    PRIMARY KEY (org_id, key, fingerprint)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE revision_1 (
    org_id INTEGER NOT NULL,
    key BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    rank INTEGER NOT NULL,
    home INTEGER NOT NULL,
    PRIMARY KEY (org_id, key, fingerprint)
  ) STRICT, WITHOUT ROWID;

  -- budget is JSON.
  CREATE TABLE budget (credential TEXT PRIMARY KEY, budget TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE sink (
    name TEXT PRIMARY KEY,
    position_offset INTEGER NOT NULL,
    position_commit TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY,
    org_id INTEGER NOT NULL REFERENCES org,
    sink TEXT,
    reason TEXT NOT NULL,
    -- UTF-8; a BLOB, because SQLite's text functions end at a NUL.
    text BLOB NOT NULL,
    at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX quarantine_at ON quarantine (at_ms);
  `,
  `
  -- Records that a sink lost because maxBytes was reached.
  CREATE TABLE sink_gap (
    sink TEXT NOT NULL,
    from_offset INTEGER NOT NULL,
    from_commit TEXT NOT NULL,
    to_offset INTEGER NOT NULL,
    to_commit TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (sink, to_offset)
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE block ADD COLUMN payload_bytes INTEGER NOT NULL DEFAULT 0;
  UPDATE block SET payload_bytes =
    (SELECT length(payload.zstd) FROM payload WHERE payload.last_offset = block.last_offset);
  `,
  sortRevisions,
  `
  -- Where delivery started. The sink gets records accepted at or after first_ms, or all if it is NULL.
  ALTER TABLE sink ADD COLUMN first_offset INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sink ADD COLUMN first_commit TEXT NOT NULL DEFAULT '';
  ALTER TABLE sink ADD COLUMN first_ms INTEGER;

  -- One delivered record of each month.
  CREATE TABLE sink_witness (
    sink TEXT NOT NULL,
    month TEXT NOT NULL,
    org TEXT NOT NULL,
    key TEXT NOT NULL,
    rank INTEGER NOT NULL,
    home TEXT NOT NULL,
    PRIMARY KEY (sink, month)
  ) STRICT, WITHOUT ROWID;

  -- When the lost records were accepted; NULL if unknown, or since the beginning.
  ALTER TABLE sink_gap ADD COLUMN accepted_from_ms INTEGER;
  ALTER TABLE sink_gap ADD COLUMN accepted_to_ms INTEGER;

  -- Only for records that a sink refused.
  ALTER TABLE quarantine ADD COLUMN record_offset INTEGER;
  ALTER TABLE quarantine ADD COLUMN accepted_at_ms INTEGER;
  CREATE UNIQUE INDEX quarantine_record ON quarantine (sink, record_offset) WHERE record_offset IS NOT NULL;
  `,
  `
  -- When the newest record was accepted, even if it was pruned. Remembered keys age by it.
  ALTER TABLE meta ADD COLUMN newest_accepted_ms INTEGER;
  UPDATE meta SET newest_accepted_ms = (SELECT accepted_at_ms FROM block ORDER BY last_offset DESC LIMIT 1);
  `,
  `
  -- Only for items that cannot be records, which are quarantined once per org.
  ALTER TABLE quarantine ADD COLUMN content_hash BLOB;
  CREATE UNIQUE INDEX quarantine_content ON quarantine (org_id, content_hash) WHERE sink IS NULL AND content_hash IS NOT NULL;

  -- Items that quarantine had no room for. sink is empty for items that cannot be records.
  CREATE TABLE quarantine_dropped (
    org_id INTEGER NOT NULL REFERENCES org,
    sink TEXT NOT NULL,
    items INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    PRIMARY KEY (org_id, sink)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- span is a month (YYYY-MM) for its first record, or a recent day (YYYY-MM-DD) for its last record.
  ALTER TABLE sink_witness RENAME COLUMN month TO span;
  ALTER TABLE sink_witness ADD COLUMN record_offset INTEGER;
  ALTER TABLE sink_witness ADD COLUMN record_commit TEXT;
  `,
  `
  -- Several spans for each org and sink, including those of expired items that could not be records.
  ALTER TABLE quarantine_dropped RENAME TO quarantine_dropped_before;
  CREATE TABLE quarantine_dropped (
    org_id INTEGER NOT NULL REFERENCES org,
    sink TEXT NOT NULL,
    items INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    PRIMARY KEY (org_id, sink, to_ms)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO quarantine_dropped SELECT org_id, sink, items, from_ms, to_ms FROM quarantine_dropped_before;
  DROP TABLE quarantine_dropped_before;
  `,
  `
  -- Sinks still have records under these names.
  CREATE TABLE org_former_name (
    org_id INTEGER NOT NULL REFERENCES org,
    name TEXT NOT NULL,
    PRIMARY KEY (org_id, name)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- When a collector last reported the states of its orgs and sinks, and what it reported, as JSON.
  CREATE TABLE report (id INTEGER PRIMARY KEY CHECK (id = 1), at_ms INTEGER NOT NULL) STRICT;
  CREATE TABLE reported_state (
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (subject, name)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- What commands ask of the collector. arguments, progress and result are JSON.
  CREATE TABLE request (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    arguments TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    -- new, running, done or refused
    state TEXT NOT NULL,
    progress TEXT,
    result TEXT
  ) STRICT;
  CREATE INDEX request_open ON request (id) WHERE state IN ('new', 'running');

  -- Sinks that an operator paused, also before they are opened for the first time.
  CREATE TABLE sink_pause (sink TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  -- Everything up to this offset is being delivered again.
  ALTER TABLE sink ADD COLUMN replay_to INTEGER;

  -- Blocks of records that were in quarantine. If they are only for one sink, its name; and since when these
  -- records, or the items that they were read from, have been missing in the sinks.
  ALTER TABLE block ADD COLUMN sink TEXT;
  ALTER TABLE block ADD COLUMN missing_from_ms INTEGER;
  CREATE INDEX block_missing ON block (last_offset) WHERE missing_from_ms IS NOT NULL;

  -- The newest id in quarantine, so that the id of an item that left it is not used again.
  CREATE TABLE quarantine_newest (one INTEGER PRIMARY KEY CHECK (one = 1), id INTEGER NOT NULL) STRICT;
  INSERT INTO quarantine_newest (one, id) VALUES (1, 0);

  -- Records that a sink gets at a later offset.
  CREATE TABLE left_out (
    sink TEXT NOT NULL,
    record_offset INTEGER NOT NULL,
    PRIMARY KEY (sink, record_offset)
  ) STRICT, WITHOUT ROWID;
  `,
]

/** The version that this code reads and writes: `PRAGMA user_version`. */
export const schemaVersion = migrations.length
