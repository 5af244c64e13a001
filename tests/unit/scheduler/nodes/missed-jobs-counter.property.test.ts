// The counter has the same result as a check of every node at every decision, for any history.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choose } from '../../../../src/main/scheduler/dispatch/choose';
import { MissedJobsLog } from '../../../../src/main/scheduler/dispatch/missed-jobs-log';
import { DEFAULT_DISPATCH_POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import type { NodeEvent } from '../../../../src/main/scheduler/lifecycle/events';
import type { Instant } from '../../../../src/main/scheduler/lifecycle/node-record';
import { nodeTransition } from '../../../../src/main/scheduler/lifecycle/transition';
import { NodeRegistry } from '../../../../src/main/scheduler/nodes/node-registry';
import { type MissedJobsLimits, MissedJobsCounter } from '../../../../src/main/scheduler/nodes/missed-jobs-counter';
import { tallyExclusions } from '../../../support/exclusion-tally';
import { ManualClock } from '../../../support/manual-clock';
import { anyJob, EAGER, NODE_IDS, WITH_ALL_MODELS } from '../dispatch/random-pools';
import { poolSteps } from '../lifecycle/histories';
import { aRecord, jobAssigned } from '../lifecycle/records';
import type { JobRequirements } from '../../../../src/main/scheduler/dispatch/job-requirements';

/** Long enough for the counter to count every decision, a few checks at a time. */
const A_WHILE_MS = 5000;

/** A registry with the counter under test, and a log of the expected counts, which counts each decision at once. */
class Pool {
  readonly #clock = new ManualClock();
  readonly #registry = new NodeRegistry(EAGER, DEFAULT_DISPATCH_POLICY);
  readonly #counted = new MissedJobsLog(this.#now());
  readonly #expected = new MissedJobsLog(this.#now());
  readonly #counter: MissedJobsCounter;

  constructor(limits: MissedJobsLimits) {
    this.#counter = new MissedJobsCounter(this.#registry, this.#clock, this.#counted, limits);
    for (const nodeId of NODE_IDS) this.#registry.keep(null, aRecord({ nodeId, profile: WITH_ALL_MODELS }));
  }

  advance(ms: number): void {
    this.#clock.advance(ms);
  }

  apply(nodeId: string, event: NodeEvent): void {
    const previous = this.#registry.get(nodeId) ?? null;
    const [next] = nodeTransition(previous, event, this.#now(), EAGER);
    if (next !== previous) this.#registry.keep(previous, next);
    if (next !== null) return;
    this.#counted.delete(nodeId);
    this.#expected.delete(nodeId);
  }

  /** Returns the chosen node. */
  decide(job: JobRequirements): string | null {
    const nowMonotonicMs = this.#now().monotonicMs;
    const { node } = choose(this.#registry.candidates, job);
    tallyExclusions(this.#registry.records(), job, DEFAULT_DISPATCH_POLICY, (nodeId, exclusion) => {
      this.#expected.note(nodeId, { code: exclusion.code, job, details: () => exclusion }, nowMonotonicMs);
    });
    this.#counter.decided(job);
    return node?.nodeId ?? null;
  }

  views() {
    const views = (log: MissedJobsLog) => NODE_IDS.map((nodeId) => log.view(nodeId, this.#now()));
    return { counted: views(this.#counted), expected: views(this.#expected) };
  }

  #now(): Instant {
    return { wallMs: this.#clock.wallMs(), monotonicMs: this.#clock.monotonicMs() };
  }
}

const turn = fc.record({
  changes: poolSteps(NODE_IDS, 3),
  job: anyJob,
  times: fc.constantFrom(1, 1, 1, 5),
  isAssigned: fc.boolean(),
  afterMs: fc.constantFrom(1, 1, 1, 4, 20, 490, A_WHILE_MS),
});

const limits = fc.record({
  groups: fc.integer({ min: 1, max: 5 }),
  decisions: fc.integer({ min: 1, max: 40 }),
  checksPerBatch: fc.integer({ min: 1, max: 10 }),
});

test('missed jobs counter: random pools, histories and limits -> the counts of a check of every node at every decision', () => {
  let counted = 0;
  fc.assert(
    fc.property(limits, fc.array(turn, { maxLength: 60, size: 'max' }), (drawn, turns) => {
      const pool = new Pool(drawn);
      for (const { changes, job, times, isAssigned, afterMs } of turns) {
        for (const { nodeId, event } of changes) pool.apply(nodeId, event);
        for (let i = 0; i < times; i++) {
          pool.advance(1);
          const chosen = pool.decide(job);
          if (chosen !== null && isAssigned) pool.apply(chosen, jobAssigned('a'));
        }
        pool.advance(afterMs);
        if (afterMs === A_WHILE_MS) expect(pool.views().counted).toEqual(pool.views().expected);
      }
      pool.advance(A_WHILE_MS);
      const views = pool.views();
      expect(views.counted).toEqual(views.expected);
      counted += views.counted.reduce((sum, { total }) => sum + total, 0);
    }),
    { numRuns: 150 },
  );
  expect(counted, 'enough counts for the comparison').toBeGreaterThan(5000);
});
