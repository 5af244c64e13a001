// A real `muster pool` with simulated GPUs and the stand-in of an Ollama, for the flows of its dashboard. Other computers join it as
// processes of their own.
import path from 'node:path';
import { writeCommandModel } from './job-bench';
import { MusterLab, type MusterProcess } from './muster-process';
import { type OllamaState, openOllama } from './stand-ins/ollama';
import type { StandIn } from './stand-ins/stand-in';

/** Short intervals, a free port, no limit of the load, and the model servers of a test. */
export const flowConfig = (...servers: readonly StandIn[]): string => `[server]
port = 0
[runtimes]
urls = [${servers.map(({ url }) => `"${url.origin}"`).join(', ')}]
[scheduler]
status_push_interval_seconds = 1
[scheduler.node_health]
heartbeat_interval_seconds = 0.5
heartbeat_timeout_seconds = 15
[scheduler.load_balancer]
resource_threshold = 100
`;

export const MODEL = 'llama3.2:latest';

export class FlowPool {
  private constructor(
    readonly lab: MusterLab,
    readonly ollama: StandIn,
    readonly state: OllamaState,
    readonly pool: MusterProcess,
    readonly url: string,
    readonly dataDir: string,
  ) {}

  /** `others`: further model servers, which the test closes. The models `echo`, `fails` and `slow` are commands. */
  static async open(state: OllamaState = { loaded: true }, ...others: readonly StandIn[]): Promise<FlowPool> {
    const lab = new MusterLab();
    const ollama = await openOllama(state);
    const dataDir = lab.dataDir('pool', flowConfig(ollama, ...others), { models: false });
    const models = path.join(dataDir, 'models');
    writeCommandModel(models, 'echo', { argv: ['cat'] }, { kind: 'nmt' });
    writeCommandModel(models, 'fails', { argv: ['false'] }, { kind: 'nmt' });
    writeCommandModel(models, 'slow', { argv: ['sleep', '600'] }, { kind: 'nmt' });
    const pool = lab.start(['pool', '--data-dir', dataDir, '--simulate-gpu', 'RTX 4090:24,RTX 3060:12', '--name', 'attic']);
    const url = await pool.url();
    await pool.line('node_status_changed', { to: 'ready' });
    return new FlowPool(lab, ollama, state, pool, url, dataDir);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** The join link of an invitation. */
  async invite(name: string): Promise<string> {
    const { stdout } = await this.lab.run(['invite', '--name', name, '--json', '--url', this.url, '--data-dir', this.dataDir]);
    return (JSON.parse(stdout) as { readonly link: string }).link;
  }

  /** Another computer with this name joins by an invitation, and is ready. */
  async join(name: string, gpu = 'RTX 3060:12'): Promise<MusterProcess> {
    const folder = this.lab.dataDir(name, flowConfig());
    const member = this.lab.start(['join', await this.invite(name), '--data-dir', folder, '--name', name, '--simulate-gpu', gpu]);
    await member.line('node_status_received', { status: 'ready' });
    return member;
  }

  async close(): Promise<void> {
    await this.lab.close();
    await this.ollama.close();
  }
}
