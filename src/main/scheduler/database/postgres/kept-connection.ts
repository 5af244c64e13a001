// Keeps one connection open for one use, and connects again after a loss: at once the first time, then with growing pauses.
import { fail, type Result } from '../../../../shared/result';
import type { Clock } from '../../../platform/clock';
import type { Connect, Connection } from './connection';
import type { Fault } from './core/faults';
import { Pauses } from './pauses';

const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 1000;

export interface KeptConnectionOptions {
  readonly connect: Connect;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
}

const CLOSED: Fault = { kind: 'lost', sqlState: null, reason: 'the connection is closed' };

export class KeptConnection {
  readonly #options: KeptConnectionOptions;
  readonly #pauses: Pauses;
  #connection: Connection | null = null;
  #connecting: Promise<Result<Connection, Fault>> | null = null;
  /** Since the last success. */
  #failures = 0;
  #isClosed = false;

  constructor(options: KeptConnectionOptions) {
    this.#options = options;
    this.#pauses = new Pauses(options.clock);
  }

  /** The open connection, or the failure of one attempt to connect. Waits for the pause after failures. */
  open(): Promise<Result<Connection, Fault>> {
    if (this.#isClosed) return Promise.resolve(fail(CLOSED));
    if (this.#connection?.isOpen === true) return Promise.resolve({ ok: true, value: this.#connection });
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = null;
    });
    return this.#connecting;
  }

  /** The connection worked. The next loss is a first one again. */
  succeeded(): void {
    this.#failures = 0;
  }

  /** Closes at once. Open queries fail as `lost`. The next `open` connects again. */
  drop(): void {
    this.#connection?.drop();
  }

  close(): void {
    this.#isClosed = true;
    this.#pauses.end();
    this.#connection?.end();
  }

  async #connect(): Promise<Result<Connection, Fault>> {
    const { connect, random } = this.#options;
    if (this.#failures > 0) {
      const pauseMs = Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#failures - 1));
      await this.#pauses.pause(pauseMs * (0.5 + random() / 2));
      if (this.#isClosed) return fail(CLOSED);
    }
    this.#failures++;
    const connected = await connect();
    if (!connected.ok) return connected;
    if (this.#isClosed) {
      connected.value.end();
      return fail(CLOSED);
    }
    this.#connection = connected.value;
    return connected;
  }
}
