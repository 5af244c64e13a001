// Stores benchmark results in a file of the state folder, so that no model is measured twice. An unreadable file is ignored: its results
// can be measured again.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { codeOfError } from '../../../shared/errors';
import { parseJsonAs } from '../../../shared/json';
import { MAX_TOKENS_PER_SECOND } from '../../../shared/protocol/limits';
import { writeFileAtomic } from '../../platform/atomic-file';
import type { Logger } from '../../platform/logger';
import type { Measured, MeasuredSubject } from '../core/measuring/measurement';

/** New results replace the oldest ones beyond this limit. */
const MAX_MEASUREMENTS = 1024;
const MAX_TEXT = 4096;

const text = z.string().max(MAX_TEXT);
/** `measuredAtMs` is Unix time. */
const storedSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('answered'),
    tokensPerSecond: z.number().positive().max(MAX_TOKENS_PER_SECOND).nullable(),
    tookMs: z.number().min(0),
    measuredAtMs: z.number(),
  }),
  z.object({ outcome: z.literal('failed'), code: text, message: text.nullable(), measuredAtMs: z.number() }),
]);
type Stored = z.infer<typeof storedSchema>;
const fileSchema = z.object({
  version: z.literal(1),
  measurements: z.array(z.tuple([text, storedSchema])).max(MAX_MEASUREMENTS),
});

export class MeasurementStore {
  readonly #file: string;
  readonly #logger: Logger;
  readonly #measurements: Map<string, Measured>;

  constructor(file: string, logger: Logger) {
    this.#file = file;
    this.#logger = logger;
    this.#measurements = new Map(read(file, logger));
  }

  /** Null: there is no result. */
  get(subject: MeasuredSubject): Measured | null {
    return this.#measurements.get(keyOf(subject)) ?? null;
  }

  /** If the file cannot be written, the result is kept while the program runs. */
  set(subject: MeasuredSubject, measured: Measured): void {
    const key = keyOf(subject);
    this.#measurements.delete(key);
    this.#measurements.set(key, measured);
    for (const oldest of this.#measurements.keys()) {
      if (this.#measurements.size <= MAX_MEASUREMENTS) break;
      this.#measurements.delete(oldest);
    }
    try {
      const stored = [...this.#measurements].map(([subjectKey, one]) => [subjectKey, toStored(one)]);
      writeFileAtomic(this.#file, JSON.stringify({ version: 1, measurements: stored }));
    } catch (error) {
      this.#logger.log('warn', 'measurements_not_saved', { file: this.#file, reason: reasonOf(error) });
    }
  }
}

const toStored = ({ measuredAtWallMs, ...measured }: Measured): Stored => ({ ...measured, measuredAtMs: measuredAtWallMs });
const parseStored = ({ measuredAtMs: measuredAtWallMs, ...stored }: Stored): Measured => ({ ...stored, measuredAtWallMs });

/** Cut to the limit of the file's schema. */
const keyOf = ({ modelId, version, sizeBytes, runtimeId, hardware }: MeasuredSubject): string =>
  JSON.stringify([modelId, version, sizeBytes, runtimeId, hardware]).slice(0, MAX_TEXT);

function read(file: string, logger: Logger): readonly (readonly [string, Measured])[] {
  try {
    const { measurements } = parseJsonAs(fileSchema, readFileSync(file, 'utf8'));
    return measurements.map(([key, stored]) => [key, parseStored(stored)]);
  } catch (error) {
    if (codeOfError(error) !== 'ENOENT') logger.log('warn', 'measurements_forgotten', { file, reason: reasonOf(error) });
    return [];
  }
}

const reasonOf = (error: unknown): string => codeOfError(error) ?? (error instanceof Error ? error.name : String(error));
