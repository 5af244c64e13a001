// Runs a tool of the system that prints a line for each event, such as `gdbus monitor`, and starts it again after it has ended. Its output
// comes from other programs, so each line is bounded. No shell is involved.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';

const MAX_LINE_LENGTH = 8192;
const FIRST_RETRY_MS = 5000;
const LAST_RETRY_MS = 600_000;
/** A tool that ran for this long worked: the next retry is early again. */
const WORKED_MS = 60_000;

export type EventToolEnd = 'not_installed' | 'ended';

export interface EventToolOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Null: a line that is too long was dropped. */
  readonly onLine: (line: string | null) => void;
  /** The tool gives no events now. It is started again, unless it is not installed. */
  readonly onEnd?: (reason: EventToolEnd) => void;
}

export class EventTool {
  readonly #options: EventToolOptions;
  #child: ChildProcessByStdio<Writable, Readable, null> | null = null;
  #timer: Timer | null = null;
  #retryMs = FIRST_RETRY_MS;
  #isReported = false;

  constructor(options: EventToolOptions) {
    this.#options = options;
  }

  start(): void {
    this.stop();
    this.#retryMs = FIRST_RETRY_MS;
    this.#spawn();
  }

  /** Ends the tool, which is then started again after a time. */
  retry(): void {
    this.#child?.kill();
  }

  /** Also ends the tool. No further line is reported. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    const child = this.#child;
    this.#child = null;
    child?.stdin.destroy();
    child?.stdout.destroy();
    child?.kill();
  }

  #spawn(): void {
    const { file, args, env = process.env, clock, onLine } = this.#options;
    // Messages must be in English, because they are matched. A tool that reads its input ends with this process.
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true, env: { ...env, LC_ALL: 'C' } });
    this.#child = child;
    const startedAtMonotonicMs = clock.monotonicMs();
    const isCurrent = (): boolean => this.#child === child;
    const lines = new BoundedLines((line) => {
      if (isCurrent()) onLine(line);
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      lines.add(text);
    });
    // The tool closed its pipe: its exit follows.
    child.stdin.on('error', () => undefined);
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (isCurrent() && child.pid === undefined) this.#onEnd(error.code === 'ENOENT' ? 'not_installed' : 'ended', startedAtMonotonicMs);
    });
    child.once('close', () => {
      if (isCurrent()) this.#onEnd('ended', startedAtMonotonicMs);
    });
  }

  #onEnd(reason: EventToolEnd, startedAtMonotonicMs: number): void {
    const { file, clock, logger, onEnd } = this.#options;
    this.#child = null;
    // Once: a computer without the tool or its service is not a fault.
    if (!this.#isReported) logger.log('info', 'system_tool_ended', { tool: file, reason });
    this.#isReported = true;
    if (reason === 'ended') {
      if (clock.monotonicMs() - startedAtMonotonicMs >= WORKED_MS) this.#retryMs = FIRST_RETRY_MS;
      this.#timer = clock.setTimer(this.#retryMs, () => {
        this.#spawn();
      });
      this.#retryMs = Math.min(LAST_RETRY_MS, this.#retryMs * 2);
    }
    onEnd?.(reason);
  }
}

class BoundedLines {
  readonly #onLine: (line: string | null) => void;
  #rest = '';
  #isDropping = false;

  constructor(onLine: (line: string | null) => void) {
    this.#onLine = onLine;
  }

  add(text: string): void {
    const [first = '', ...others] = text.split('\n');
    this.#append(first);
    for (const next of others) {
      if (this.#isDropping) this.#onLine(null);
      else this.#onLine(this.#rest.replace(/\r$/, ''));
      [this.#rest, this.#isDropping] = ['', false];
      this.#append(next);
    }
  }

  #append(part: string): void {
    if (this.#isDropping) return;
    this.#rest += part;
    if (this.#rest.length > MAX_LINE_LENGTH) [this.#rest, this.#isDropping] = ['', true];
  }
}
