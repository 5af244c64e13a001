// The schemas of the databases, by version (`PRAGMA user_version`). A released migration is never edited; a change is a new migration.

/** One kind of database of this program. */
export interface DatabaseKind {
  /** `PRAGMA application_id`: an SQLite file of another program is not touched. */
  readonly applicationId: number;
  /** The migration at index n migrates version n to n + 1. */
  readonly migrations: readonly string[];
  /** Whether every page is checked before the database is opened. False where this would delay the start. */
  readonly isCheckedWhole: boolean;
}

/** Nodes and their identities, members, keys, invitations and the audit log ("MUST"). */
export const NODE_DATABASE: DatabaseKind = {
  applicationId: 0x4d555354,
  isCheckedWhole: true,
  migrations: [
    `CREATE TABLE nodes (
       node_id         TEXT PRIMARY KEY,
       token_hash      BLOB NOT NULL,
       created_at      INTEGER NOT NULL,
       profile         TEXT NOT NULL,
       status          TEXT NOT NULL,
       reason_code     TEXT NOT NULL,
       previous_status TEXT,
       since           INTEGER NOT NULL,
       drain           TEXT
     ) STRICT, WITHOUT ROWID;`,
    // The operator's quarantine of a node.
    `ALTER TABLE nodes ADD COLUMN quarantine TEXT;`,
    // Whether the node has ever been ready. The nodes of earlier versions count as such, so that none is forgotten early.
    `ALTER TABLE nodes ADD COLUMN has_been_ready INTEGER NOT NULL DEFAULT 1;`,
    // Credentials as hashes (ADR 0021), and the audit log.
    `CREATE TABLE keys (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID;
     CREATE TABLE invites (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID;
     CREATE TABLE members (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID;
     CREATE TABLE audit (
       id           INTEGER PRIMARY KEY,
       at           INTEGER NOT NULL,
       who          TEXT,
       who_name     TEXT NOT NULL,
       action       TEXT NOT NULL,
       target       TEXT,
       from_address TEXT NOT NULL
     ) STRICT;`,
    // Equal acts are one entry with a count. Owner acts have their own bound.
    `ALTER TABLE audit ADD COLUMN count INTEGER NOT NULL DEFAULT 1;
     ALTER TABLE audit ADD COLUMN kind TEXT NOT NULL DEFAULT 'owner';
     UPDATE audit SET kind = 'operation'
       WHERE action GLOB 'node.*' OR action GLOB 'job.*' OR action GLOB 'exclusions.*' OR action GLOB 'agent.*' OR action = 'member.join';
     CREATE INDEX audit_by_kind ON audit (kind, id);
     CREATE INDEX audit_by_who ON audit (who, id);`,
    // The figures of the pool over time: periods by their length in seconds, and the events beside them.
    `CREATE TABLE pool_history (
       kind   TEXT NOT NULL,
       at     INTEGER NOT NULL,
       record TEXT NOT NULL,
       PRIMARY KEY (kind, at)
     ) STRICT, WITHOUT ROWID;`,
    // The pause of a node by its owner (ADR 0026).
    `ALTER TABLE nodes ADD COLUMN pause TEXT;`,
    // The tags of nodes, and the changes of each node in the last 24 hours (ADR 0034).
    `ALTER TABLE nodes ADD COLUMN tags TEXT;
     CREATE TABLE node_events (
       node_id TEXT NOT NULL,
       at      INTEGER NOT NULL,
       record  TEXT NOT NULL,
       PRIMARY KEY (node_id, at)
     ) STRICT, WITHOUT ROWID;
     CREATE INDEX node_events_by_age ON node_events (at);`,
    // When the scheduler woke a node (ADR 0033).
    `ALTER TABLE nodes ADD COLUMN wake TEXT;`,
    // What the pool was used for, by day (days since 1970, UTC): by key and model, and by node and model (ADR 0048).
    `CREATE TABLE usage (
       day            INTEGER NOT NULL,
       kind           TEXT NOT NULL,
       id             TEXT NOT NULL,
       model          TEXT NOT NULL,
       requests       INTEGER NOT NULL,
       failed         INTEGER NOT NULL,
       cancelled      INTEGER NOT NULL,
       prompt_tokens  INTEGER NOT NULL,
       cached_tokens  INTEGER NOT NULL,
       output_tokens  INTEGER NOT NULL,
       gpu_ms         INTEGER NOT NULL,
       estimated      INTEGER NOT NULL,
       PRIMARY KEY (day, kind, id, model)
     ) STRICT, WITHOUT ROWID;`,
    // The tokens of each key on its last day with tokens, for limits per day (ADR 0047).
    `CREATE TABLE key_days (key_id TEXT PRIMARY KEY, day TEXT NOT NULL, tokens INTEGER NOT NULL) STRICT, WITHOUT ROWID;`,
    // Requests over a limit of their key.
    `ALTER TABLE usage ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;`,
  ],
};

/** Jobs, their payloads and results ("MUSJ"). The state is small and changes often; payloads and results are written once. */
export const JOB_DATABASE: DatabaseKind = {
  applicationId: 0x4d55534a,
  isCheckedWhole: false,
  migrations: [
    `CREATE TABLE jobs (
       seq         INTEGER PRIMARY KEY,
       job_id      TEXT NOT NULL UNIQUE,
       created_at  INTEGER NOT NULL,
       facts       TEXT NOT NULL,
       status      TEXT NOT NULL,
       finished_at INTEGER,
       state       TEXT NOT NULL
     ) STRICT;
     CREATE INDEX jobs_by_status ON jobs (status, seq);
     CREATE INDEX jobs_live ON jobs (seq) WHERE finished_at IS NULL;
     CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;
     CREATE TABLE job_tasks (seq INTEGER PRIMARY KEY, task TEXT NOT NULL) STRICT;
     CREATE TABLE job_results (seq INTEGER PRIMARY KEY, result TEXT NOT NULL) STRICT;
     CREATE TABLE idempotency_keys (
       key        TEXT PRIMARY KEY,
       body_hash  TEXT NOT NULL,
       seq        INTEGER NOT NULL,
       created_at INTEGER NOT NULL
     ) STRICT, WITHOUT ROWID;
     CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
     CREATE INDEX idempotency_keys_by_job ON idempotency_keys (seq);`,
    // When a scheduler last ran, Unix ms.
    `CREATE TABLE marks (name TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;`,
    // The submitter: a submitter lists its own jobs. Null: a caller on loopback without a key, or an earlier version.
    `ALTER TABLE jobs ADD COLUMN submitter TEXT;
     CREATE INDEX jobs_by_submitter ON jobs (submitter, seq);`,
    // Whether the job failed, or an attempt before the last one did.
    `ALTER TABLE jobs ADD COLUMN had_failure INTEGER NOT NULL DEFAULT 0;
     UPDATE jobs SET had_failure = 1 WHERE status IN ('failed', 'expired');
     CREATE INDEX jobs_with_failure ON jobs (finished_at) WHERE had_failure = 1 AND finished_at IS NOT NULL;`,
    // The model of a job, and the nodes of its attempts: lists are filtered by both. A damaged row has neither, and is refused when it is read.
    `ALTER TABLE jobs ADD COLUMN model TEXT NOT NULL DEFAULT '';
     UPDATE jobs SET model = coalesce(json_extract(facts, '$.task.model'), '') WHERE json_valid(facts);
     CREATE INDEX jobs_by_model ON jobs (model, seq);
     CREATE TABLE job_nodes (seq INTEGER NOT NULL, node_id TEXT NOT NULL, PRIMARY KEY (seq, node_id)) STRICT, WITHOUT ROWID;
     INSERT OR IGNORE INTO job_nodes (seq, node_id)
       SELECT seq, json_extract(value, '$.nodeId')
       FROM jobs, json_each(CASE WHEN json_valid(state) THEN state ELSE '{}' END, '$.attempts')
       WHERE json_extract(value, '$.nodeId') IS NOT NULL;
     CREATE INDEX job_nodes_by_node ON job_nodes (node_id, seq);`,
    // The task of an interactive job, encrypted; its text is empty then (ADR 0050).
    `ALTER TABLE job_tasks ADD COLUMN sealed BLOB;`,
    // Tasks and results as UTF-8, which is read without being decoded. New rows have an empty text. `summary`: a result with the output null.
    `ALTER TABLE job_tasks ADD COLUMN body BLOB;
     ALTER TABLE job_results ADD COLUMN body BLOB;
     ALTER TABLE job_results ADD COLUMN summary TEXT;`,
  ],
};
