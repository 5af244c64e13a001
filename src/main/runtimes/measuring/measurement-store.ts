// What was measured, remembered in a file of the state folder, so that no model is asked twice for the same figure. A file that
// cannot be read is forgotten: its figures can be measured again.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { MAX_TOKENS_PER_SECOND } from '../../../shared/protocol/limits';
import { writeFileAtomic } from '../../platform/atomic-file';
import type { Logger } from '../../platform/logger';
import type { Measured, MeasuredSubject } from '../core/measuring/measurement';

/** The oldest give way. */
const MAX_MEASUREMENTS = 1024;
const MAX_TEXT = 4096;

const text = z.string().max(MAX_TEXT);
const measuredSchema: z.ZodType<Measured> = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('answered'),
    tokensPerSecond: z.number().positive().max(MAX_TOKENS_PER_SECOND).nullable(),
    tookMs: z.number().min(0),
    measuredAtMs: z.number(),
  }),
  z.object({ outcome: z.literal('failed'), code: text, message: text.nullable(), measuredAtMs: z.number() }),
]);
const fileSchema = z.object({
  version: z.literal(1),
  measurements: z.array(z.tuple([text, measuredSchema])).max(MAX_MEASUREMENTS),
});

export class MeasurementStore {
  private readonly measurements: Map<string, Measured>;

  constructor(
    private readonly file: string,
    private readonly logger: Logger,
  ) {
    this.measurements = new Map(read(file, logger));
  }

  /** Null: it was not measured. */
  get(subject: MeasuredSubject): Measured | null {
    return this.measurements.get(keyOf(subject)) ?? null;
  }

  /** Where the file cannot be written the figure is kept while the program runs. */
  set(subject: MeasuredSubject, measured: Measured): void {
    const key = keyOf(subject);
    this.measurements.delete(key);
    this.measurements.set(key, measured);
    for (const oldest of this.measurements.keys()) {
      if (this.measurements.size <= MAX_MEASUREMENTS) break;
      this.measurements.delete(oldest);
    }
    try {
      writeFileAtomic(this.file, JSON.stringify({ version: 1, measurements: [...this.measurements] }));
    } catch (error) {
      this.logger.log('warn', 'measurements_not_saved', { file: this.file, reason: reasonOf(error) });
    }
  }
}

/** Cut where it would be too long: GPUs and ids have bounds of their own. */
const keyOf = ({ modelId, version, sizeBytes, runtimeId, hardware }: MeasuredSubject): string =>
  JSON.stringify([modelId, version, sizeBytes, runtimeId, hardware]).slice(0, MAX_TEXT);

function read(file: string, logger: Logger): readonly (readonly [string, Measured])[] {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).measurements;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') logger.log('warn', 'measurements_forgotten', { file, reason: reasonOf(error) });
    return [];
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.name) : String(error);
