// The interface to a probe process and its implementation as a child of Node.js. The desktop app uses an Electron utility process.
import { spawn } from 'node:child_process';
import { killWindowsTree } from '../../platform/windows-kill';
import type { ProbeRequest } from './probe-messages';

export interface ProbeChild {
  send(request: ProbeRequest): void;
  /** Messages of the child, not validated. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, when the child has ended or could not be started. */
  onExit(listener: (reason: string) => void): void;
  /** Kills the child and everything that it started. Does nothing when the child has ended. */
  kill(): void;
}

export type SpawnProbeChild = () => ProbeChild;

/** The first argument with which the single executable of the command line runs as the probe. */
export const PROBE_WORD = '__probe';

/** `execPath`: Node.js, with the built probe-child as `program`; or the single executable of the command line, with PROBE_WORD. */
export function nodeProbeChild(program: string, execPath: string = process.execPath): SpawnProbeChild {
  return () => {
    const windows = process.platform === 'win32';
    // On Unix the child has its own process group: one signal kills it and the nvidia-smi that it waits for.
    const child = spawn(execPath, [program], {
      detached: !windows,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'json',
      windowsHide: true,
    });
    let alive = true;
    let notify: (reason: string) => void = () => undefined;
    const ended = (reason: string): void => {
      if (!alive) return;
      alive = false;
      notify(reason);
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
        notify = listener;
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
    killWindowsTree(pid);
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended already.
  }
}
