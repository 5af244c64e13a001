// The port to a child process that a supervisor keeps alive, and its usual implementation: a child of Node. The desktop app
// gives one of Electron's instead.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface SupervisedChild {
  /** Every line it prints, on either stream. */
  onLine(listener: (line: string) => void): void;
  /** Called once when it is gone, or could not be started; null: a signal ended it. */
  onExit(listener: (code: number | null) => void): void;
  /** Asks it to end in order. */
  requestStop(): void;
  /** Ends it at once. */
  kill(): void;
}

export type SpawnChild = (args: readonly string[]) => SupervisedChild;

/**
 * Runs `scriptPath` under the Node at `execPath`. The child holds our end of its stdin: when we end it, or die, it reads the end
 * of the file and stops (MUSTER_SUPERVISED). That works on every platform, and after a kill -9 of ours too.
 */
export function nodeChild(scriptPath: string, execPath: string, env: NodeJS.ProcessEnv = process.env): SpawnChild {
  return (args) => {
    const child = spawn(execPath, [scriptPath, ...args], {
      env: { ...env, MUSTER_SUPERVISED: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    // Writing to a child that is gone is no error of ours.
    child.stdin.on('error', () => undefined);
    return {
      onLine: (listener) => {
        for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', listener);
      },
      onExit: (listener) => {
        let told = false;
        const tell = (code: number | null): void => {
          if (!told) listener(code);
          told = true;
        };
        // `close` rather than `exit`: its last words have been read by then.
        child.once('close', tell);
        child.once('error', () => {
          if (child.pid === undefined) tell(null);
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
