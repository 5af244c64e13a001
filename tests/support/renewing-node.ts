// A node with a model of its own that registers again on its connection when a new leader does not know it, with its jobs, as the agent does.
import { heartbeat, registration, TestNode } from './test-node';

const BEAT_MS = 600;

export type RunningJob = { readonly job_id: string; readonly attempt: number; readonly trace_id: string };

export class RenewingNode {
  /** Registrations after the first. */
  renewals = 0;
  /** Those that it runs. */
  readonly jobs: RunningJob[] = [];
  /** The reasons of cancellations. */
  readonly cancelled: string[] = [];

  private constructor(
    readonly socket: TestNode,
    readonly id: string,
  ) {}

  get model(): string {
    return `model-${this.id}`;
  }

  static async start(url: string, id: string): Promise<RenewingNode> {
    const socket = await TestNode.connect(url);
    const node = new RenewingNode(socket, id);
    node.#register();
    const { node_token: token } = await socket.next('node_register_ack');
    node.#beat();
    await socket.until('node_status', ({ status }) => status === 'ready');
    socket.socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString()) as {
        readonly type: string;
        readonly code?: string;
        readonly reason?: string;
      };
      if (message.type === 'node_error' && message.code === 'NOT_REGISTERED') node.#register(token);
      if (message.type === 'node_register_ack') node.renewals += 1;
      if (message.type === 'job_cancel') node.cancelled.push(message.reason ?? '');
    });
    return node;
  }

  succeed({ job_id, attempt, trace_id }: RunningJob, output: object): void {
    this.socket.send({ type: 'job_result', job_id, attempt, node_id: this.id, success: true, output, processing_time_ms: 5, trace_id });
  }

  #register(token?: string): void {
    this.socket.send(
      registration({
        node_id: this.id,
        ...(token === undefined ? {} : { node_token: token }),
        installed_models: [{ model_id: this.model, kind: 'llm', version: '1' }],
        active_jobs: this.jobs.map(({ job_id, attempt }) => ({ job_id, attempt })),
      }),
    );
  }

  /** A replica sums up the heartbeats of half a second. */
  #beat(): void {
    const beating = setInterval(() => {
      this.socket.send(heartbeat(this.id));
    }, BEAT_MS);
    this.socket.socket.once('close', () => {
      clearInterval(beating);
    });
  }
}
