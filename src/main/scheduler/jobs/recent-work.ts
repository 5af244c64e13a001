// The work of the pool since the last sample of its history: jobs that ended, tokens, times to the first token, attempts that nodes lost.
import type { AttemptOutcome } from '../../../shared/api/job';
import { addLatency, type Latencies } from './machine/latencies';

/** The attempts that ended on one node because of the node. */
export interface LostAttempts {
  readonly nodeLost: number;
  readonly drained: number;
  readonly quarantined: number;
}

export interface Work {
  readonly endedJobs: number;
  readonly outputTokens: number;
  readonly firstTokens: Latencies;
  readonly lost: ReadonlyMap<string, LostAttempts>;
}

const NONE_LOST: LostAttempts = { nodeLost: 0, drained: 0, quarantined: 0 };

export class RecentWork {
  #endedJobs = 0;
  #outputTokens = 0;
  #firstTokens: Record<number, number> = {};
  #lost = new Map<string, LostAttempts>();

  jobEnded(): void {
    this.#endedJobs++;
  }

  /** Tokens of an answer that is being generated are estimated. The number at the end corrects them, so it may be negative. */
  output(tokens: number): void {
    this.#outputTokens += tokens;
  }

  firstToken(ms: number): void {
    addLatency(this.#firstTokens, ms);
  }

  attemptEnded(outcome: AttemptOutcome, nodeId: string): void {
    const lost = this.#lost.get(nodeId) ?? NONE_LOST;
    if (outcome === 'node_lost') this.#lost.set(nodeId, { ...lost, nodeLost: lost.nodeLost + 1 });
    else if (outcome === 'drain_timeout') this.#lost.set(nodeId, { ...lost, drained: lost.drained + 1 });
    else if (outcome === 'quarantined') this.#lost.set(nodeId, { ...lost, quarantined: lost.quarantined + 1 });
  }

  /** Starts again from zero. A correction that is larger than the tokens since the last call is left for the next one. */
  take(): Work {
    const outputTokens = Math.max(0, Math.round(this.#outputTokens));
    const work = { endedJobs: this.#endedJobs, outputTokens, firstTokens: this.#firstTokens, lost: this.#lost };
    this.#endedJobs = 0;
    this.#outputTokens -= outputTokens;
    this.#firstTokens = {};
    this.#lost = new Map();
    return work;
  }
}
