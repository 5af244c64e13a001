// One run of one program, without a shell, in a process group of its own: bytes in, bytes out, and at its end, or when it is
// to stop, nothing of the group is left. What the result means is the caller's.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Clock, Timer } from '../../platform/clock';

export interface ProgramRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** An open file, since what a program may do with one (`/dev/stdin`) it cannot do with Node's pipes. Null: an empty stdin. */
  readonly stdin: number | null;
  readonly maxStdoutBytes: number;
  readonly clock: Clock;
  /** Already aborted: nothing is started. */
  readonly signal: AbortSignal;
}

export type ProgramEnd =
  | { readonly end: 'exited'; readonly code: number; readonly stdout: Buffer; readonly stderrTail: string }
  | { readonly end: 'killed'; readonly by: string; readonly stderrTail: string }
  | { readonly end: 'aborted' }
  | { readonly end: 'too_much_output' }
  | { readonly end: 'not_started'; readonly code: string };

/** What is kept of stderr: the last words, for whoever asked for the job. */
const STDERR_TAIL_BYTES = 1024;
/** What a program wrote before its end arrives sooner. Who still holds its pipes then, and is not of its group, has nothing to say. */
const PIPES_AFTER_EXIT_MS = 1000;

/** Never rejects. */
export function runProgram(run: ProgramRun): Promise<ProgramEnd> {
  if (run.signal.aborted) return Promise.resolve({ end: 'aborted' });
  let child: ChildProcess;
  try {
    child = spawn(run.program, run.args, {
      cwd: run.cwd,
      env: run.env,
      detached: process.platform !== 'win32',
      windowsHide: true,
      stdio: [run.stdin ?? 'ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    return Promise.resolve({ end: 'not_started', code: codeOf(error) });
  }
  return follow(child, run);
}

function follow(child: ChildProcess, { maxStdoutBytes, signal, clock }: ProgramRun): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    const stdout: Buffer[] = [];
    let stdoutBytes = 0;
    let stderr = Buffer.alloc(0);
    let stopped: ProgramEnd | null = null;
    let pipes: Timer | null = null;
    const stop = (end: ProgramEnd) => {
      stopped ??= end;
      killGroup(child);
    };
    const abort = () => {
      stop({ end: 'aborted' });
    };
    signal.addEventListener('abort', abort, { once: true });
    child.stdout?.on('data', (chunk: Buffer) => {
      stdoutBytes += chunk.length;
      if (stdoutBytes > maxStdoutBytes) stop({ end: 'too_much_output' });
      else stdout.push(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr = Buffer.concat([stderr, chunk]).subarray(-STDERR_TAIL_BYTES);
    });
    child.on('error', (error) => {
      if (child.pid === undefined) settle({ end: 'not_started', code: codeOf(error) });
    });
    // What it left behind in its group would keep its pipes open, and the machine busy. A daemon has made itself another group.
    child.on('exit', () => {
      killGroup(child);
      pipes = clock.setTimer(PIPES_AFTER_EXIT_MS, () => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      });
    });
    child.on('close', (code, by) => {
      const stderrTail = stderr.toString('utf8');
      if (stopped !== null) settle(stopped);
      else if (code === null) settle({ end: 'killed', by: by ?? 'unknown', stderrTail });
      else settle({ end: 'exited', code, stdout: Buffer.concat(stdout), stderrTail });
    });

    function settle(end: ProgramEnd): void {
      signal.removeEventListener('abort', abort);
      pipes?.cancel();
      resolve(end);
    }
  });
}

/** The program and all that it started, unless they made themselves another group. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { windowsHide: true, stdio: 'ignore' }).on('error', () => undefined);
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of the group lives.
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
