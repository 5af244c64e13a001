// Judges for waiting requests whether only the load of owners keeps the nodes from them. Requests with equal requirements that must wait
// share one judgement for a second: judging reads the whole pool, and thousands of requests can wait.
import type { Explanation, JobRequirementsView } from '../../../../shared/api/dispatch';
import type { Clock } from '../../../platform/clock';
import { busyFailure, mayServeSoon, WAIT_CODES } from './core/pool-busy';
import type { OpenAiFailure } from './core/openai-error';
import type { OpenAiPool } from './openai-requests';

/** How often a request that is not refused at the busy timeout is judged again. */
export const BUSY_CHECK_MS = 1000;

export class BusyChecks {
  readonly #pool: Pick<OpenAiPool, 'explain'>;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  /** The requirements, as JSON, that were judged in the present period and whose requests wait. */
  readonly #mustWait = new Set<string>();
  #startMonotonicMs = -Infinity;

  constructor(pool: Pick<OpenAiPool, 'explain'>, clock: Pick<Clock, 'monotonicMs'>) {
    this.#pool = pool;
    this.#clock = clock;
  }

  /** Null: the request must wait. */
  failure(requirements: JobRequirementsView): OpenAiFailure | null {
    const nowMonotonicMs = this.#clock.monotonicMs();
    if (nowMonotonicMs - this.#startMonotonicMs >= BUSY_CHECK_MS) {
      this.#mustWait.clear();
      this.#startMonotonicMs = nowMonotonicMs;
    }
    const key = JSON.stringify(requirements);
    if (this.#mustWait.has(key)) return null;
    const explain = (nodeLimit: number): Explanation => this.#pool.explain(requirements, nodeLimit);
    const counted = explain(0);
    const busy = busyFailure(counted, explain, WAIT_CODES);
    const failure = busy === null || mayServeSoon(counted, explain) ? null : busy;
    if (failure === null) this.#mustWait.add(key);
    return failure;
  }
}
