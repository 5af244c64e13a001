// Which pool this machine belongs to, as its owner chose, and the file that keeps the choice (0600: it may hold a join token).
import { z } from 'zod';
import { parseJsonObject, validate } from '../../shared/protocol/decode';
import type { Logger } from '../platform/logger';

const choiceSchema = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('host'), scope: z.enum(['this_computer', 'lan']) }),
  z.object({ mode: z.literal('joined'), address: z.string().min(1).max(1024), join_token: z.string().max(256).nullable() }),
  z.object({ mode: z.literal('none') }),
]);

export type AppChoice = z.infer<typeof choiceSchema>;

/** A fresh installation shows its whole work at once: it hosts for itself alone. A scheduler named in the configuration goes before. */
export function firstChoice(schedulerUrl: string | null, joinToken: string | null): AppChoice {
  return schedulerUrl === null ? { mode: 'host', scope: 'this_computer' } : { mode: 'joined', address: schedulerUrl, join_token: joinToken };
}

/** Text of the file: null where there is none. */
export interface ChoiceFile {
  read(): string | null;
  /** Replaces the whole file, or throws and leaves it as it was. */
  write(text: string): void;
}

export class ChoiceStore {
  constructor(
    private readonly file: ChoiceFile,
    private readonly logger: Logger,
  ) {}

  /** The stored choice; null on a first run, and when the file cannot be understood. */
  load(): AppChoice | null {
    const text = this.read();
    if (text === null) return null;
    const parsed = parseJsonObject(text);
    const choice = parsed.ok ? validate(parsed.value, choiceSchema) : parsed;
    if (choice.ok) return choice.value;
    this.logger.log('warn', 'app_choice_unreadable', { field: choice.error.field, reason: choice.error.reason });
    return null;
  }

  /** What is not kept is asked again at the next start: no reason to refuse what the owner wants now. */
  save(choice: AppChoice): void {
    try {
      this.file.write(`${JSON.stringify(choice, null, 2)}\n`);
    } catch (error) {
      this.logger.log('error', 'app_choice_not_saved', { error: error instanceof Error ? error.message : String(error) });
    }
  }

  private read(): string | null {
    try {
      return this.file.read();
    } catch (error) {
      this.logger.log('warn', 'app_choice_unreadable', { error: error instanceof Error ? error.message : String(error) });
      return null;
    }
  }
}
