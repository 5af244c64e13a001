// Runs a tool without a shell, with a timeout and bounded output. It resolves in time even when the tool cannot be killed.
import { spawn } from 'node:child_process';
import type { ToolOutcome } from '../parse/types';

export interface ToolRun {
  readonly outcome: Promise<ToolOutcome>;
  /** Resolves when the process has ended. After a timeout this may be much later, or never (a process that hangs in the kernel). */
  readonly ended: Promise<void>;
}

export interface ToolLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export function runTool(file: string, args: readonly string[], { timeoutMs, maxBytes }: ToolLimits): ToolRun {
  // Messages must be in English, because they are matched.
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, env: { ...process.env, LC_ALL: 'C' } });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
    child.once('error', () => {
      if (child.pid === undefined) resolve();
    });
  });
  const outcome = new Promise<ToolOutcome>((resolve) => {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let bytes = 0;
    const finish = (result: ToolOutcome): void => {
      clearTimeout(timer);
      resolve(result);
      if (result.kind === 'exited') return;
      child.kill('SIGKILL');
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const collect =
      (into: Buffer[]) =>
      (chunk: Buffer): void => {
        bytes += chunk.length;
        if (bytes > maxBytes) finish({ kind: 'failed', detail: `more than ${String(maxBytes)} bytes of output` });
        else into.push(chunk);
      };
    const timer = setTimeout(() => {
      finish({ kind: 'timeout' });
    }, timeoutMs);
    child.stdout.on('data', collect(stdout));
    child.stderr.on('data', collect(stderr));
    child.once('error', (error: NodeJS.ErrnoException) => {
      finish(error.code === 'ENOENT' ? { kind: 'not_installed' } : { kind: 'failed', detail: error.message });
    });
    child.once('close', (code) => {
      finish({ kind: 'exited', code, stdout: Buffer.concat(stdout).toString('utf8'), stderr: Buffer.concat(stderr).toString('utf8') });
    });
  });
  return { outcome, ended };
}

/** The answer, or `fallback` after `limitMs`. For file systems that may hang. */
export async function withinMs<Value, Late>(limitMs: number, answer: Promise<Value>, fallback: Late): Promise<Value | Late> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<Late>((resolve) => {
    timer = setTimeout(() => {
      resolve(fallback);
    }, limitMs);
  });
  try {
    return await Promise.race([answer, limit]);
  } finally {
    clearTimeout(timer);
  }
}
