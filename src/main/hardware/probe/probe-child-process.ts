// The port to a probing process, and its usual implementation: a child of Node. The desktop app gives one of Electron's instead.
import { fork, spawn } from 'node:child_process';
import type { ProbeRequest } from './probe-messages';

export interface ProbeChild {
  send(request: ProbeRequest): void;
  /** What the child says, unchecked. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, when the child is gone or could not be started. */
  onExit(listener: (reason: string) => void): void;
  /** Ends it at once, with everything it started. Harmless when it is gone. */
  kill(): void;
}

export type SpawnProbeChild = () => ProbeChild;

/** `scriptPath` is the built probe-child; `execPath` a Node, by default the running one. */
export function nodeProbeChild(scriptPath: string, execPath: string = process.execPath): SpawnProbeChild {
  return () => {
    const windows = process.platform === 'win32';
    // Its own process group on Unix: one signal ends it and the nvidia-smi it waits for.
    const child = fork(scriptPath, [], {
      execPath,
      execArgv: [],
      detached: !windows,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'json',
    });
    let alive = true;
    let tell: (reason: string) => void = () => undefined;
    const ended = (reason: string): void => {
      if (!alive) return;
      alive = false;
      tell(reason);
    };
    child.once('exit', (code, signal) => {
      ended(`exited with ${signal ?? String(code)}`);
    });
    child.on('error', (error) => {
      if (child.pid === undefined) ended(error.message);
    });
    return {
      send: (request) => {
        if (child.connected) child.send(request, () => undefined);
      },
      onMessage: (listener) => {
        child.on('message', listener);
      },
      onExit: (listener) => {
        tell = listener;
      },
      kill: () => {
        if (alive && child.pid !== undefined) killTree(child.pid, windows);
        if (child.connected) child.disconnect();
      },
    };
  };
}

function killTree(pid: number, windows: boolean): void {
  if (windows) {
    spawn('taskkill', ['/T', '/F', '/PID', String(pid)], { stdio: 'ignore', windowsHide: true }).on('error', () => undefined);
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
