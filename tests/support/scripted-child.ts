// A host supervisor with child processes that the test controls.
import type { HostView } from '../../src/shared/api/app-state';
import { HostSupervisor, type HostSupervisorOptions } from '../../src/main/hosting/host-supervisor';
import type { SupervisedChild } from '../../src/main/hosting/supervised-child';
import { silentLogger } from '../../src/main/platform/logger';
import { ManualClock } from './manual-clock';

export class ScriptedChild implements SupervisedChild {
  stopRequests = 0;
  kills = 0;
  line: (line: string) => void = () => undefined;
  exit: (code: number | null) => void = () => undefined;

  constructor(readonly args: readonly string[]) {}

  onLine(listener: (line: string) => void): void {
    this.line = listener;
  }

  onExit(listener: (code: number | null) => void): void {
    this.exit = listener;
  }

  requestStop(): void {
    this.stopRequests++;
  }

  kill(): void {
    this.kills++;
    this.exit(null);
  }

  listen(port = 7080): Promise<void> {
    this.line(JSON.stringify({ level: 'info', event: 'scheduler_listening', url: 'x', host: 'x', port }));
    return settled();
  }
}

/** Lets pending promises settle. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function superviseScripted(change: Partial<HostSupervisorOptions> = {}) {
  const clock = new ManualClock();
  const children: ScriptedChild[] = [];
  const supervisor = new HostSupervisor({
    spawn: (args) => {
      const child = new ScriptedChild(args);
      children.push(child);
      return child;
    },
    args: ['--data-dir', '/data'],
    configured: { port: 7080, plainHttpApi: false, announce: true, loopback: 'open', allowedHosts: [] },
    caFile: '/data/ca.pem',
    clock,
    logger: silentLogger,
    createInvitation: () => Promise.resolve('join-me'),
    interfaces: () => ({ eth0: [{ address: '192.168.1.20', netmask: '', family: 'IPv4', mac: '', internal: false, cidr: null }] }),
    ...change,
  });
  const states: HostView['state'][] = [];
  supervisor.subscribe(({ state }) => {
    if (states.at(-1) !== state) states.push(state);
  });
  const child = (index = -1): ScriptedChild => {
    const found = children.at(index);
    if (found === undefined) throw new Error('no child was started');
    return found;
  };
  return { clock, children, child, supervisor, states };
}
