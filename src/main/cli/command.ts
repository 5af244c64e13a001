// What a command is to the command line: a name, its options, and what it does with them. The table is in commands.ts.
import { fail, ok, type Result } from '../../shared/result';

export interface OptionSpec {
  /** How the value is called in the help; null: a switch without one. */
  readonly value: string | null;
  readonly doc: string;
  /** May be given several times. */
  readonly multiple?: boolean;
}

/** Where a command reads and writes: the process's own, or a test's. */
export interface CliIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Data, for programs and people to take. */
  out(text: string): void;
  /** Talk about it. */
  err(text: string): void;
  /** What is piped in. */
  readonly in: AsyncIterable<Uint8Array>;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Where the built program lies: its hardware probe beside it, the dashboard in ../renderer. */
  readonly programDir: string;
}

export interface Invocation {
  readonly io: CliIo;
  readonly options: Options;
  readonly operands: readonly string[];
}

/** The options as given: text where they take a value. */
export class Options {
  constructor(private readonly given: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>) {}

  text(name: string): string | undefined {
    const value = this.given[name];
    return typeof value === 'string' ? value : undefined;
  }

  texts(name: string): readonly string[] {
    const value = this.given[name];
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  }

  /** Undefined: not given. */
  number(name: string): Result<number, string> | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = text.trim() === '' ? Number.NaN : Number(text);
    return Number.isNaN(value) ? fail(`--${name}: expected a number, not "${text}"`) : ok(value);
  }

  isSet(name: string): boolean {
    return this.given[name] === true;
  }
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Words after the name, such as `NODE`: each must be given, but for those in brackets. */
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Resolves to the exit code; has said why on stderr when it is not 0. */
  run(invocation: Invocation): Promise<number>;
}
