// What jobs teach of their nodes, as the scheduler measures them. Whole answers without durations are of two nodes, of which one is faster and
// loads its model for longer.
import { expect, test } from 'vitest';
import type { CountedTokens } from '../../../../src/main/scheduler/dispatch/prediction/counted-tokens';
import type { JobTimings } from '../../../../src/main/scheduler/dispatch/prediction/job-timings';
import { requestShapeOf } from '../../../../src/main/scheduler/dispatch/prediction/request-shape';
import { PoolRates } from '../../../../src/main/scheduler/dispatch/prediction/pool-rates';
import { JobForecasts } from '../../../../src/main/scheduler/jobs/job-forecasts';
import { NodeOutput } from '../../../../src/main/scheduler/jobs/node-output';
import { RecentWork } from '../../../../src/main/scheduler/jobs/recent-work';
import { hasRates, outputPerSecondAt } from '../../../../src/main/scheduler/lifecycle/model-rates';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { nodeTransition } from '../../../../src/main/scheduler/lifecycle/transition';
import { RequestForecasts } from '../../../../src/main/scheduler/nodes/request-forecasts';
import { aModel, aProfile, aRecord, at, healthyBeat, POLICY } from '../lifecycle/records';
import { aJob } from './job-records';

const MODEL = 'm';
const [PROMPT_TOKENS, ANSWER_TOKENS] = [1000, 200];
/** Tokens per second of prompt and answer, and the seconds of a load. */
const A = { prompt: 4000, answer: 100, load: 20 };
const B = { prompt: 1200, answer: 30, load: 5 };
type Speed = typeof A;

const tokensOnly = (promptTokens: number, completionTokens: number): JobTimings => ({
  queueMs: null,
  loadMs: null,
  firstTokenMs: null,
  promptTokens,
  cachedTokens: null,
  completionTokens,
  decodeMs: null,
  inputUnits: null,
});

class World {
  #nowMonotonicMs = 0;
  #jobs = 0;
  #record: NodeRecord = aRecord({
    profile: aProfile({ installedModels: [aModel({ modelId: MODEL })], modelResidency: { [MODEL]: 'cold' } }),
  });
  readonly work = new RecentWork();
  readonly output = new NodeOutput();
  readonly #forecasts = new JobForecasts({
    pool: {
      dispatcher: { requests: new RequestForecasts(new PoolRates()) },
      record: () => this.#record,
      apply: (_nodeId, event) => {
        this.#record = nodeTransition(this.#record, event, at(this.#nowMonotonicMs), POLICY)[0] ?? this.#record;
        return null;
      },
    },
    stats: { measured: () => undefined, recent: this.work, nodeOutput: this.output },
    monotonicMs: () => this.#nowMonotonicMs,
  });

  get rates() {
    return this.#record.rates;
  }

  beat(residency: 'cold' | 'loaded'): void {
    this.#record =
      nodeTransition(this.#record, healthyBeat({ modelResidency: { [MODEL]: residency } }), at(this.#nowMonotonicMs), POLICY)[0] ??
      this.#record;
  }

  /** One answer in chunks with text of so many bytes, whose node reports so many tokens. `n`: answers at once. */
  stream(bytes: number, completionTokens: number, n = 1): void {
    const body = { model: MODEL, messages: [{ role: 'user', content: 'x'.repeat(4 * PROMPT_TOKENS) }], n };
    const task = { kind: 'openai', path: '/v1/chat/completions', body } as const;
    const job = aJob({ jobId: `j${String(this.#jobs++)}`, task: { ...task, model: MODEL, payloadBytes: 4 * PROMPT_TOKENS + 100 } });
    const choice = { node: this.#record, candidates: 1, route: 'fallback', forecasts: [] } as const;
    const { nodeId } = this.#record;
    this.#forecasts.keep(job.jobId, requestShapeOf(task, '', null, 1));
    this.#forecasts.assigned(job, this.#record, { ...choice, heldFor: null, turn: 0, reasons: null });
    this.#forecasts.answered(job.jobId, 'another', 1_000_000);
    for (let part = 0; part < 4; part++) {
      this.#nowMonotonicMs += 1000;
      this.#forecasts.firstToken(job.jobId, nodeId, 0);
      this.#forecasts.answered(job.jobId, nodeId, bytes / 4);
    }
    const durations = { queueMs: null, loadMs: null, firstTokenMs: 1000, decodeMs: 3000, inputUnits: null };
    const timings = { ...durations, promptTokens: PROMPT_TOKENS, cachedTokens: null, completionTokens };
    this.#forecasts.succeeded(job, nodeId, timings, 0);
    this.#forecasts.forget(job.jobId);
  }

  /** A job whose attempts answer with so many bytes each and break off, except the last one when `end` has its tokens. */
  tokensAfter(parts: readonly number[], end: number | null, hasContent = false): readonly (CountedTokens | null)[] {
    const body = { model: MODEL, messages: [{ role: 'user', content: 'x'.repeat(396) }] };
    const task = { kind: 'openai', path: '/v1/chat/completions', body } as const;
    const job = aJob({ task: { ...task, model: MODEL, payloadBytes: 500 } });
    const { nodeId } = this.#record;
    this.#forecasts.keep(job.jobId, requestShapeOf(task, '', null, 1));
    const found = parts.map((bytes, index) => {
      const choice = { node: this.#record, candidates: 1, route: 'fallback', forecasts: [] } as const;
      this.#forecasts.assigned(job, this.#record, { ...choice, heldFor: null, turn: 0, reasons: null });
      if (hasContent) this.#forecasts.firstToken(job.jobId, nodeId, null);
      this.#forecasts.answered(job.jobId, nodeId, bytes);
      if (end !== null && index === parts.length - 1) this.#forecasts.succeeded(job, nodeId, tokensOnly(90, end), bytes);
      this.#forecasts.attemptEnded(job.jobId);
      return this.#forecasts.tokensOf(job.jobId);
    });
    this.#forecasts.forget(job.jobId);
    expect(this.#forecasts.tokensOf(job.jobId)).toBeNull();
    return found;
  }

  /** A job that was assigned in an earlier run of the scheduler. */
  tokensOfRestored(bytes: number): readonly (CountedTokens | null)[] {
    const task = { kind: 'openai', path: '/v1/chat/completions', model: MODEL, payloadBytes: 400 } as const;
    return [tokensOnly(90, 20), null].map((timings) => {
      const job = aJob({ jobId: `j${String(this.#jobs++)}`, task });
      this.#forecasts.succeeded(job, this.#record.nodeId, timings, bytes);
      this.#forecasts.attemptEnded(job.jobId);
      return this.#forecasts.tokensOf(job.jobId);
    });
  }

  /** One whole answer, from a server that reports only tokens. */
  run({ prompt, answer, load }: Speed, isCold: boolean): void {
    const payloadBytes = 4 * PROMPT_TOKENS;
    const job = aJob({
      jobId: `j${String(this.#jobs++)}`,
      task: { kind: 'openai', path: '/v1/chat/completions', model: MODEL, payloadBytes },
    });
    const choice = { node: this.#record, candidates: 1, route: 'fallback', forecasts: [] } as const;
    this.#forecasts.assigned(job, this.#record, { ...choice, heldFor: null, turn: 0, reasons: null });
    this.#nowMonotonicMs += 1000 * (PROMPT_TOKENS / prompt + ANSWER_TOKENS / answer + (isCold ? load : 0));
    this.#forecasts.succeeded(job, this.#record.nodeId, tokensOnly(PROMPT_TOKENS, ANSWER_TOKENS), 4 * ANSWER_TOKENS);
    this.#forecasts.forget(job.jobId);
  }
}

test('cold model, whole answer -> no rates; in memory -> the rates of the node', () => {
  const shown = [A, B].map((speed) => {
    const world = new World();
    world.run(speed, true);
    expect(hasRates(world.rates, MODEL), 'the load is not known').toBe(false);
    world.beat('loaded');
    world.run(speed, false);
    const rates = world.rates.get(MODEL);
    return rates === undefined ? null : outputPerSecondAt(rates, 1);
  });
  expect(shown[0]).toBeCloseTo(100);
  expect(shown[1]).toBeCloseTo(30);
});

test('tokens of a stream -> at most as many as the bytes of its chunks can have', () => {
  const outputRateOf = (claimed: number) => {
    const world = new World();
    world.beat('loaded');
    world.stream(800, claimed);
    const rates = world.rates.get(MODEL);
    return rates === undefined ? null : outputPerSecondAt(rates, 1);
  };
  expect(outputRateOf(200)).toBeCloseTo(199 / 3);
  expect(outputRateOf(800), 'a token for three bytes').toBeCloseTo(274 / 3);
  expect(outputRateOf(198_000), 'as the bytes show').toBeCloseTo(199 / 3);
});

test('request for several answers -> no rates', () => {
  const world = new World();
  world.beat('loaded');
  world.stream(800, 200, 4);
  expect(hasRates(world.rates, MODEL)).toBe(false);
});

/** The prompt has 400 characters with the name of its role. */
test('tokens of a job -> those of its last attempt: as reported, or of the part that arrived', () => {
  const part = (output: number) => ({ prompt: 100, cached: 0, output, isEstimated: true });
  const whole = { prompt: 90, cached: 0, output: 20, isEstimated: false };
  expect(new World().tokensAfter([80], 20)).toEqual([whole]);
  expect(new World().tokensAfter([40, 80], 20)).toEqual([part(10), whole]);
  expect(new World().tokensAfter([40], null)).toEqual([part(10)]);
  expect(new World().tokensAfter([40, 0], null), 'the last one gave nothing').toEqual([part(10), null]);
});

test('content without a text, then the answer breaks off -> the prompt counts', () => {
  expect(new World().tokensAfter([0], null, true)).toEqual([{ prompt: 100, cached: 0, output: 0, isEstimated: true }]);
});

test('job of an earlier run -> its tokens count, too', () => {
  expect(new World().tokensOfRestored(80)).toEqual([
    { prompt: 90, cached: 0, output: 20, isEstimated: false },
    { prompt: 100, cached: 0, output: 20, isEstimated: true },
  ]);
});
