// Muster's built program on the hosts of a network lab.
import path from 'node:path';
import { MusterLab, type MusterProcess } from './muster-process';
import type { NetLab } from './net-lab';
import { until } from './until';

export const PORT = 7080;
const SCHEDULER_TOML = `[server]
host = "0.0.0.0"
port = ${String(PORT)}
[scheduler]
load_balancer.resource_threshold = 100
node_health.heartbeat_interval_seconds = 0.5
node_health.heartbeat_timeout_seconds = 3
node_health.health_check_success_threshold = 1
`;
const ENV = { MUSTER_SERVER_ANNOUNCE: 'true', MUSTER_LOG_FORMAT: 'json' };

export interface PendingRequest {
  readonly id: string;
  readonly digits: string;
  readonly name: string;
  readonly address: string;
  readonly confirmed: boolean;
}

export class NetMuster {
  readonly net: NetLab;
  readonly lab = new MusterLab();

  constructor(net: NetLab) {
    this.net = net;
  }

  start(host: string, argv: readonly string[]): MusterProcess {
    return this.lab.start(argv, ENV, this.net.argv(host, []));
  }

  /** A scheduler that is open to the networks of its host. */
  async scheduler(host: string): Promise<MusterProcess> {
    const folder = this.lab.dataDir(host, SCHEDULER_TOML, { models: false });
    const scheduler = this.start(host, ['scheduler', '--data-dir', folder]);
    await scheduler.line('scheduler_listening');
    return scheduler;
  }

  /** `muster join` on a host. The folder has a model that is ready. */
  join(host: string, name: string, ...operands: readonly string[]): MusterProcess {
    const folder = this.lab.dataDir(name, '');
    return this.start(host, ['join', ...operands, '--json', '--name', name, '--data-dir', folder, '--simulate-gpu', 'Test:24']);
  }

  folder(name: string): string {
    return path.join(this.lab.folder, name);
  }

  /** A command for the scheduler of a host. */
  async command(host: string, ...argv: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.start(host, [...argv, '--data-dir', this.folder(host)]).finished;
    if (code !== 0) throw new Error(`muster ${argv.join(' ')}: ${String(code)} ${stderr}`);
    return stdout;
  }

  pending(host: string): Promise<PendingRequest> {
    return until(
      `a request to join at ${host}`,
      async () => {
        const answer = JSON.parse(await this.command(host, 'pending', '--json')) as { readonly join_requests: readonly PendingRequest[] };
        return answer.join_requests[0];
      },
      15_000,
    );
  }

  /** A request without TLS, which the scheduler refuses. Path and answer are readable on the network. */
  requestInClear(from: string, address: string, path: string): { readonly status: number; readonly code: string } {
    const program = `fetch('http://${address}:${String(PORT)}/${path}').then(async (answer) => {
      const { error } = await answer.json();
      console.log(JSON.stringify({ status: answer.status, code: error.code }));
    })`;
    return JSON.parse(this.net.run(from, process.execPath, '-e', program)) as { status: number; code: string };
  }

  /** Both people compare and confirm. Resolves when the node is registered. */
  async joined(host: string, joiner: MusterProcess): Promise<PendingRequest> {
    const compare = await joiner.line('compare');
    const request = await this.pending(host);
    if (request.digits !== compare['digits']) throw new Error(`digits differ: ${request.digits} ${String(compare['digits'])}`);
    type(joiner, request.digits);
    await this.command(host, 'approve', request.id);
    await joiner.line('link_changed', { to: 'registered' });
    return request;
  }

  async close(): Promise<void> {
    await this.lab.close();
    await this.net.close();
  }
}

/** The person at this computer types the digits of the host. */
export function type({ child }: MusterProcess, digits: string): void {
  child.stdin?.write(`${digits}\n`);
}
