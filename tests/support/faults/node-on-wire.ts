// A node as its connections show it: which connection it uses, its last status, and its in-flight jobs. Detects assignments that
// should not have been sent (I4, I8, I11).
import type { FaultEvent } from './fault-record';

type WireEvent = Extract<FaultEvent, { type: 'wire' }>;

/** Messages of two sockets, or a message and an answer, may be read in another order than they were written. */
const OUT_OF_ORDER_MS = 100;

export class NodeOnWire {
  /** The id of the protocol. */
  nodeId: string | null = null;
  /** When the scheduler answered an operator's drain request. Null: no drain, or a resume was requested since. */
  drainedAtMonotonicMs: number | null = null;
  readonly #name: string;
  readonly #capacity: number;
  readonly #statuses = new Map<number, string>();
  readonly #inFlight = new Map<number, Set<string>>();
  #registered: { readonly connection: number; readonly atMonotonicMs: number } | null = null;

  constructor(name: string, capacity: number) {
    this.#name = name;
    this.#capacity = capacity;
  }

  /** The violation by this message, or null. */
  take({ connection, direction, message, atMonotonicMs }: WireEvent): string | null {
    const job = `${String(message['job_id'])} ${String(message['attempt'])}`;
    const inFlight = this.#inFlight.get(connection) ?? new Set();
    this.#inFlight.set(connection, inFlight);
    switch (`${direction} ${String(message['type'])}`) {
      case 'up node_register': {
        const active = (message['active_jobs'] ?? []) as readonly { readonly job_id: string; readonly attempt: number }[];
        for (const { job_id: jobId, attempt } of active) inFlight.add(`${jobId} ${String(attempt)}`);
        return null;
      }
      case 'down node_register_ack':
        this.nodeId = String(message['node_id']);
        if (connection > (this.#registered?.connection ?? -1)) this.#registered = { connection, atMonotonicMs };
        return null;
      case 'down node_status':
        this.#statuses.set(connection, String(message['status']));
        return null;
      case 'up job_result':
      case 'down job_cancel':
        inFlight.delete(job);
        return null;
      case 'down job_assign':
        inFlight.add(job);
        return this.#wrong(job, connection, atMonotonicMs, inFlight.size);
      default:
        return null;
    }
  }

  #wrong(job: string, connection: number, atMonotonicMs: number, inFlight: number): string | null {
    const status = this.#statuses.get(connection);
    const sent = `${job} was sent to ${this.#name}`;
    if (status === 'draining') return `I8: ${sent}, which drains`;
    if (status !== 'ready') return `I4: ${sent}, whose last status was ${String(status)}`;
    if (this.drainedAtMonotonicMs !== null && atMonotonicMs > this.drainedAtMonotonicMs + OUT_OF_ORDER_MS)
      return `I8: ${sent}, which an operator has drained`;
    const newest = this.#registered;
    if (newest !== null && newest.connection > connection && atMonotonicMs > newest.atMonotonicMs + OUT_OF_ORDER_MS)
      return `I4: ${sent} on an old connection`;
    return inFlight > this.#capacity
      ? `I4, I11: ${sent}, which then has ${String(inFlight)} jobs in ${String(this.#capacity)} slots`
      : null;
  }
}
