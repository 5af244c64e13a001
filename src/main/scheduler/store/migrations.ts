// The database's shape, version by version (`PRAGMA user_version`). A released migration is never edited: a new one is added.

/** `PRAGMA application_id` of a scheduler's database ("MUST"): an SQLite file of another program is not touched. */
export const APPLICATION_ID = 0x4d555354;

/** The migration at index n leads from version n to n + 1. */
export const MIGRATIONS: readonly string[] = [
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
];

export const SCHEMA_VERSION = MIGRATIONS.length;
