// The interface of a supervised child process, and its implementation with Node. The desktop app has one with Electron.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface SupervisedChild {
  /** Calls the listener with every line of stdout and stderr. */
  onLine(listener: (line: string) => void): void;
  /** Calls the listener once, after the exit or a failed start. Null: a signal ended the child. */
  onExit(listener: (code: number | null) => void): void;
  /** Requests an orderly stop. */
  requestStop(): void;
  /** Ends the child at once. */
  kill(): void;
}

export type SpawnChild = (args: readonly string[]) => SupervisedChild;

/**
 * Runs a program with `firstArgs` before the arguments of the child. The child stops when its stdin ends (MUSTER_SUPERVISED). Its stdin ends
 * when this process closes the pipe or itself ends, on every platform and also after `kill -9` of this process.
 */
export function nodeChild(program: string, firstArgs: readonly string[], env: NodeJS.ProcessEnv = process.env): SpawnChild {
  return (args) => {
    const child = spawn(program, [...firstArgs, ...args], {
      env: { ...env, MUSTER_SUPERVISED: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    // A write to a child that has exited is not an error here.
    child.stdin.on('error', () => undefined);
    return {
      onLine: (listener) => {
        for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', listener);
      },
      onExit: (listener) => {
        let isReported = false;
        const report = (code: number | null): void => {
          if (!isReported) listener(code);
          isReported = true;
        };
        // `close` comes after `exit`, when the last lines have been read.
        child.once('close', report);
        child.once('error', () => {
          if (child.pid === undefined) report(null);
        });
      },
      requestStop: () => {
        child.stdin.end();
      },
      kill: () => {
        child.kill('SIGKILL');
      },
    };
  };
}
