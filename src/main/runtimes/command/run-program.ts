// Runs one program without a shell, in its own process group. When the program ends or must stop, the whole group is killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { codeOfError } from '../../../shared/errors';
import type { Clock, Timer } from '../../platform/clock';
import { killWindowsTree } from '../../platform/windows-kill';
import { descendantsOf } from './proc';

export interface ProgramRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The descriptor of an open file. A program can open a file again as `/dev/stdin`, but not a pipe of Node. Null: an empty stdin. */
  readonly stdin: number | null;
  /** A descriptor that the program and its children inherit as number 3, so that they can be found (leftovers.ts). Null: none. */
  readonly mark: number | null;
  readonly maxStdoutBytes: number;
  readonly clock: Clock;
  /** If it is already aborted, the program is not started. */
  readonly signal: AbortSignal;
}

export type ProgramEnd =
  | { readonly end: 'exited'; readonly code: number; readonly stdout: Buffer; readonly stderrTail: string }
  | { readonly end: 'killed'; readonly by: string; readonly stderrTail: string }
  | { readonly end: 'aborted' }
  | { readonly end: 'too_much_output' }
  | { readonly end: 'not_started'; readonly code: string };

/** The end of stderr, for the submitter. */
const STDERR_TAIL_BYTES = 1024;
/** The output of an ended program arrives within this time. After it, pipes that a daemon still holds are closed. */
const PIPE_GRACE_MS = 1000;

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
      stdio: [run.stdin ?? 'ignore', 'pipe', 'pipe', ...(run.mark === null ? [] : [run.mark])],
    });
  } catch (error) {
    return Promise.resolve({ end: 'not_started', code: codeOfError(error) ?? 'unknown' });
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
      void killTree(child);
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
      if (child.pid === undefined) finish({ end: 'not_started', code: codeOfError(error) ?? 'unknown' });
    });
    // Other processes of the group would keep the pipes open and use the machine. A daemon has its own group.
    child.on('exit', () => {
      killGroup(child);
      pipes = clock.setTimer(PIPE_GRACE_MS, () => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      });
    });
    child.on('close', (code, by) => {
      const stderrTail = stderr.toString('utf8');
      if (stopped !== null) finish(stopped);
      else if (code === null) finish({ end: 'killed', by: by ?? 'unknown', stderrTail });
      else finish({ end: 'exited', code, stdout: Buffer.concat(stdout), stderrTail });
    });

    function finish(end: ProgramEnd): void {
      signal.removeEventListener('abort', abort);
      pipes?.cancel();
      resolve(end);
    }
  });
}

/**
 * Kills the running program with its children, on Linux also those in sessions of their own. The group is halted first, so that it starts no
 * more children while they are read. Never rejects.
 */
async function killTree(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (process.platform !== 'linux' || pid === undefined) {
    killGroup(child);
    return;
  }
  kill(-pid, 'SIGSTOP');
  const children = await descendantsOf(pid).catch(() => []);
  killGroup(child);
  for (const one of children) kill(one, 'SIGKILL');
}

/** Kills the program and its children, except those that have their own group. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    killWindowsTree(pid);
    return;
  }
  kill(-pid, 'SIGKILL');
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // The process or group has ended already.
  }
}
