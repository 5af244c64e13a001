// The log of this program in pages, and the diagnostics that an owner can save (ADR 0037).
import { z } from 'zod';
import { recordOf } from '../protocol/bounded';

/** `app`: the desktop app with its agent. `scheduler`: a scheduler alone. `pool`: a scheduler and an agent in one program. */
export const LOG_SOURCES = ['app', 'scheduler', 'pool'] as const;
export type LogSourceName = (typeof LOG_SOURCES)[number];

/** From the least to the most severe. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevelName = (typeof LOG_LEVELS)[number];

export const MAX_LOG_LINES = 500;
const MAX_LOG_FIELDS = 64;

/** A position in each source: `source:file:offset`, with commas. */
const cursorSchema = z
  .string()
  .regex(/^[a-z]{1,16}:\d{1,12}:\d{1,15}(,[a-z]{1,16}:\d{1,12}:\d{1,15}){0,3}$/)
  .max(160);

export const logQuerySchema = z.strictObject({
  /** Lines of this level, and more severe ones. */
  level: z.enum(LOG_LEVELS).default('debug'),
  source: z.enum(LOG_SOURCES).optional(),
  event: z.string().min(1).max(64).optional(),
  node_id: z.string().min(1).max(64).optional(),
  /** A part of the line, in upper or lower case. */
  text: z.string().min(1).max(256).optional(),
  /** Older lines than this cursor. Without `before` and `after`: the newest lines. */
  before: cursorSchema.optional(),
  /** Newer lines than this cursor. */
  after: cursorSchema.optional(),
  limit: z.number().int().min(1).max(MAX_LOG_LINES).default(200),
});
export type LogQuery = z.output<typeof logQuerySchema>;

export const logLineSchema = z.object({
  /** Unique, and the same in each answer. */
  id: z.string().max(64),
  source: z.enum(LOG_SOURCES),
  /** Unix ms. */
  at: z.number(),
  level: z.enum(LOG_LEVELS),
  event: z.string().max(64),
  fields: recordOf(z.string().max(64), z.json(), MAX_LOG_FIELDS),
});
export type LogLine = z.infer<typeof logLineSchema>;

export const logPageSchema = z.object({
  /** The newest first. */
  lines: z.array(logLineSchema).max(MAX_LOG_LINES),
  /** The sources that this program has. */
  sources: z.array(z.enum(LOG_SOURCES)).max(LOG_SOURCES.length),
  /** Continues towards older lines. Null: the log has no older ones. */
  older: cursorSchema.nullable(),
  /** Continues towards newer lines. */
  newer: cursorSchema,
  /** With `after`: more lines wait behind `newer`. */
  has_newer: z.boolean(),
  /** The time of the oldest line that was read, also of one that the filters left out; null: none was read. */
  read_to: z.number().nullable(),
});
export type LogPage = z.infer<typeof logPageSchema>;

/** The whole archive before it is compressed. */
export const MAX_DIAGNOSTICS_BYTES = 4 * 1024 * 1024;
export const MAX_DIAGNOSTICS_FILES = 32;

export const diagnosticsFileSchema = z.object({
  name: z.string().max(64),
  bytes: z.number().int().min(0),
  content: z.string().max(MAX_DIAGNOSTICS_BYTES),
});
export type DiagnosticsFile = z.infer<typeof diagnosticsFileSchema>;

export const diagnosticsPreviewSchema = z.object({
  id: z.string().max(64),
  files: z.array(diagnosticsFileSchema).max(MAX_DIAGNOSTICS_FILES),
});
export type DiagnosticsPreview = z.infer<typeof diagnosticsPreviewSchema>;

export const diagnosticsSaveSchema = z.strictObject({ id: z.string().min(1).max(64) });
