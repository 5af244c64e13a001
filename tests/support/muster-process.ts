// The built program as a real process. Its log is read line by line, so that tests wait for log lines and never for a time.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../scripts/paths.mjs';
import { until } from './until';
import { OWNER_KEY } from './http-api';
import { within } from './within';

const CLI = path.join(projectRoot, 'out', 'main', 'cli.js');
/** A folder with one small model that is ready. */
const EXAMPLE_MODELS = path.join(projectRoot, 'docs', 'examples', 'models');
const WAIT_LIMIT_MS = 20_000;
/** Below the time limit of an integration test, so that the error that names the process comes first. */
const END_LIMIT_MS = 45_000;

/** The environment of an agent that probes its models more often and retries sooner. */
export const QUICK_AGENT = { NODE_OPTIONS: `--import ${pathToFileURL(path.join(import.meta.dirname, 'quick-agent.ts')).href}` };

/** The owner key of the tests, in the data folder of a scheduler. */
export function writeOwnerKey(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'admin-token'), `${OWNER_KEY}\n`, { mode: 0o600 });
}

export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string; readonly level: string };

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Folders and processes of one test. `close` removes all of them. */
export class MusterLab {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'muster-lab-'));
  readonly #processes: MusterProcess[] = [];
  readonly #others: ChildProcess[] = [];
  #isClosed = false;

  /** A data folder with this configuration, the owner key of the tests, and a model that is ready unless `models` is false. */
  dataDir(name: string, toml = '', { models = true } = {}): string {
    const folder = path.join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'config.toml'), toml);
    writeOwnerKey(folder);
    if (models) cpSync(EXAMPLE_MODELS, path.join(folder, 'models'), { recursive: true, preserveTimestamps: true });
    return folder;
  }

  /** A separate configuration file, for `--config`. */
  configFile(name: string, toml: string): string {
    const file = path.join(this.folder, `${name}.toml`);
    writeFileSync(file, toml);
    return file;
  }

  /** Starts a daemon. `env` extends a clean environment. `wrap`: a program in front of the command line, which must exec the command. */
  start(argv: readonly string[], env: Readonly<Record<string, string>> = {}, wrap: readonly string[] = []): MusterProcess {
    // A test that has failed may still be starting processes, which would outlive it.
    if (this.#isClosed) throw new Error(`the lab is closed: ${argv.join(' ')}`);
    const started = new MusterProcess(argv, env, wrap);
    this.#processes.push(started);
    return started;
  }

  /** Runs a command to its end. */
  run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
    return this.start(argv, env).finished;
  }

  /** A process of another program, removed by `close`, too. */
  own(child: ChildProcess): void {
    this.#others.push(child);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const child of [...this.#others, ...this.#processes.map(({ child: own }) => own)]) child.kill('SIGKILL');
    await Promise.all(this.#processes.map(({ finished }) => finished));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class MusterProcess {
  readonly child: ChildProcess;
  readonly lines: LogLine[] = [];
  #stdout = '';
  #stderr = '';
  #ended = false;
  readonly #argv: readonly string[];
  readonly #finished: Promise<Finished>;

  constructor(argv: readonly string[], env: Readonly<Record<string, string>>, wrap: readonly string[] = []) {
    if (!existsSync(CLI)) throw new Error('out/main/cli.js is missing: npm run build');
    const { PATH = '', HOME = '', NODE_COMPILE_CACHE } = process.env;
    const cache = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
    // A test must not use model servers or networks of the developer's machine.
    const own = { PATH, HOME, ...cache, MUSTER_RUNTIMES_LOOK_FOR_LOCAL: 'false', MUSTER_SERVER_ANNOUNCE: 'false' };
    const [program = '', ...args] = [...wrap, process.execPath, CLI, ...argv];
    const child = spawn(program, args, { env: { ...own, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    this.child = child;
    this.#argv = argv;
    child.stdin.on('error', () => undefined);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#stdout += `${line}\n`;
      if (line.startsWith('{"')) this.lines.push(JSON.parse(line) as LogLine);
    });
    this.#finished = once(child, 'close').then(([code, signal]) => {
      this.#ended = true;
      return { code: code as number | null, signal: signal as NodeJS.Signals | null, stdout: this.#stdout, stderr: this.#stderr };
    });
  }

  /** How the process ended. Rejects when the process is still running after a limit. */
  get finished(): Promise<Finished> {
    const ended = within(`the end of muster ${this.#argv.join(' ')}`, this.#finished, END_LIMIT_MS);
    return ended.catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.output.slice(-4000)}`);
    });
  }

  /** All its output. */
  get output(): string {
    return this.#stdout + this.#stderr;
  }

  /** The first log line from `after` on with this event and these fields. */
  async line(event: string, fields: Readonly<Record<string, unknown>> = {}, after = 0): Promise<LogLine> {
    const wanted = Object.entries(fields);
    const find = () =>
      this.lines.slice(after).find((line) => line.event === event && wanted.every(([name, value]) => line[name] === value));
    const what = `${event} ${JSON.stringify(fields)}`;
    return until(what, () => find() ?? this.#endedTooEarly(what), WAIT_LIMIT_MS).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.output.slice(-4000)}`);
    });
  }

  /** The address, once the scheduler listens. */
  async url(): Promise<string> {
    return String((await this.line('scheduler_listening'))['url']);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Sends the signal and waits for the end. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<Finished> {
    this.signal(signal);
    return this.finished;
  }

  #endedTooEarly(what: string): undefined {
    if (this.#ended) throw new Error(`the process ended before: ${what}`);
    return undefined;
  }
}
