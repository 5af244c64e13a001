// Child processes of Electron instead of Node, since the packaged app has no other Node. They end with the app.
import { utilityProcess, type UtilityProcess } from 'electron';
import type { ProbeChild, SpawnProbeChild } from '../hardware/probe/probe-child-process';
import type { SpawnChild } from '../hosting/supervised-child';
import { systemClock } from '../platform/clock';
import { ChildOutput } from './child-output';

/** The hardware probe. It may hang, and is then killed. */
export const utilityProbeChild =
  (scriptPath: string): SpawnProbeChild =>
  () => {
    const child = utilityProcess.fork(scriptPath, [], { serviceName: 'Muster hardware probe', stdio: 'ignore' });
    return {
      send: (request) => {
        child.postMessage(request);
      },
      onMessage: (listener) => {
        child.on('message', listener);
      },
      onExit: (listener) => {
        child.once('exit', (code) => {
          listener(`exited with ${String(code)}`);
        });
      },
      kill: () => {
        killNow(child);
      },
    } satisfies ProbeChild;
  };

/** The hosted scheduler. The message `stop` requests the stop, since a utility process has no stdin. */
export const utilityChild =
  (scriptPath: string): SpawnChild =>
  (args) => {
    const child = utilityProcess.fork(scriptPath, [...args], {
      serviceName: 'Muster scheduler',
      stdio: 'pipe',
      env: { ...process.env, MUSTER_SUPERVISED: '1' },
    });
    const output = new ChildOutput(child, [child.stdout, child.stderr], systemClock);
    return {
      onLine: (listener) => {
        output.onLine(listener);
      },
      onExit: (listener) => {
        output.onExit(listener);
      },
      requestStop: () => {
        child.postMessage('stop');
      },
      kill: () => {
        killNow(child);
      },
    };
  };

/** `kill()` sends SIGTERM, which a hung process does not handle. */
function killNow(child: UtilityProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has already exited.
  }
}
