// The shape of a command: name, operands, options and the function that runs it. The table of commands is commands.ts.
import { fail, ok, type Result } from '../../shared/result';
import type { ServiceManager } from './service-manager';

export interface OptionSpec {
  /** The name of the value in the help text; null for a switch without a value. */
  readonly value: string | null;
  readonly doc: string;
  /** The option can be repeated. */
  readonly multiple?: boolean;
}

/** Input and output of a command: those of the process, or of a test. */
export interface CliIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes to stdout: results. */
  out(text: string): void;
  /** Writes to stderr: progress and errors. */
  err(text: string): void;
  /** Standard input. */
  readonly in: AsyncIterable<Uint8Array>;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** The folder of the built dashboard. */
  readonly rendererDir: string;
  /** The argument with which the executable of this process starts as the hardware probe. */
  readonly probeProgram: string;
  /** Gets the state of a daemon; null when none started this process. */
  readonly serviceManager: ServiceManager | null;
}

export interface Invocation {
  readonly io: CliIo;
  readonly options: Options;
  readonly operands: readonly string[];
}

/** As `parseArgs` of Node returns them. */
type GivenOptions = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/** The parsed options. */
export class Options {
  readonly #given: GivenOptions;

  constructor(given: GivenOptions) {
    this.#given = given;
  }

  text(name: string): string | undefined {
    const value = this.#given[name];
    return typeof value === 'string' ? value : undefined;
  }

  texts(name: string): readonly string[] {
    const value = this.#given[name];
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  }

  /** Undefined when the option was not given. */
  number(name: string): Result<number, string> | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = text.trim() === '' ? Number.NaN : Number(text);
    return Number.isNaN(value) ? fail(`--${name}: expected a number, not "${text}"`) : ok(value);
  }

  isSet(name: string): boolean {
    return this.#given[name] === true;
  }
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Names of the arguments after the command, such as `NODE`. Those in brackets are optional, and the last one may be repeated (`[JOB...]`). */
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Resolves to the exit code. When it is not 0, the reason was written to stderr. */
  run(invocation: Invocation): Promise<number>;
}
