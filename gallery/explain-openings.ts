// The explanation of a request on the page Jobs: in a small pool, with predictions, with a full node to wait for, for nodes in each state, and
// of an earlier scheduler.
import { EXPLAIN_ID } from '../src/renderer/routes';
import { proposalsOf } from '../src/renderer/pages/jobs/explain/proposals';
import type { Explanation } from '../src/shared/api/dispatch';
import { ok } from '../src/shared/result';
import { explain } from '../tests/fixtures/app-states/explained';
import { mixedPool } from '../tests/fixtures/app-states/mixed-pool';
import { sixNodes } from '../tests/fixtures/app-states/nodes';
import { affinity, CHOSEN, hold } from '../tests/fixtures/app-states/predictions';
import type { Situation } from '../tests/fixtures/app-states/states';
import type { Opening } from './openings';

const request = (model: string) => ({ required_models: [model], public: true, grouped: true });

const explained = (situation: Situation, model: string, change: Pick<Opening, 'answers'> & { readonly until?: string } = {}): Opening => ({
  situation,
  page: 'jobs',
  id: EXPLAIN_ID,
  async act(user) {
    await user.fill('dispatch.models', model);
    await user.press('dispatch.explain');
  },
  until: '#root table',
  ...change,
});

/** With the dry runs that the page proposes. */
function inMixedPool(model: string): Explanation {
  const nodes = mixedPool();
  return explain(nodes, { ...request(model), what_if: [...proposalsOf(explain(nodes, request(model)), true)] });
}

const predicted = { ...inMixedPool('qwen3:8b'), chosen: CHOSEN, prediction: affinity };
const held = { ...inMixedPool('llama3.1:8b'), held: hold };

export const EXPLAIN_OPENINGS = {
  explained: explained('ready', 'llama3.1:8b'),
  /** Without groups and dry runs. */
  'explained-older-scheduler': explained('ready', 'llama3.1:8b', {
    answers: { 'pool.explain': ok(explain(sixNodes(), { ...request('llama3.1:8b'), grouped: false })) },
  }),
  'explained-prediction': explained('many_waiting', 'qwen3:8b', { answers: { 'pool.explain': ok(predicted) } }),
  'explained-held': explained('many_waiting', 'llama3.1:8b', { answers: { 'pool.explain': ok(held) } }),
  'explained-each-reason': explained('each_state', 'qwen2.5:14b', { until: '#root main section h3' }),
} as const satisfies Record<string, Opening>;
