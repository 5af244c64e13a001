// The explanation of a request on the page Jobs: with reasons, predictions, a full node to wait for, and of an earlier scheduler.
import { EXPLAIN_ID } from '../src/renderer/routes';
import { ok } from '../src/shared/result';
import { explanation } from '../tests/fixtures/app-states/answers';
import { allSlots, availability, busy, overLoad } from '../tests/fixtures/app-states/availability';
import type { FakeApi } from '../tests/fixtures/app-states/fake-api';
import { nodeView, sixNodes } from '../tests/fixtures/app-states/nodes';
import { groupedEachReason, groupedHold, groupedPrediction } from '../tests/fixtures/app-states/reason-groups';
import type { Opening } from './openings';
import type { User } from './user';

async function explain(user: User, model = 'qwen3:8b'): Promise<void> {
  await user.fill('dispatch.models', model);
  return user.press('dispatch.explain');
}

/** The nodes get the states that the explanation names. */
function showReasons(api: FakeApi): void {
  api.emit.onEvent({ type: 'node', node: nodeView('ready', { node_id: 'node-B0B00001', name: 'bob-tower' }) });
  const shared = { online: true, in_flight_jobs: 0 } as const;
  const carol = { node_id: 'node-CA501234', name: 'carol-workstation', availability: busy(overLoad({ gpu_percent: 28 })), ...shared };
  api.emit.onEvent({ type: 'node', node: nodeView('ready', carol) });
  const full = { node_id: 'node-51ABCDEF', name: 'try-out', simulated: true, availability: availability('full', [allSlots(4)]) };
  api.emit.onEvent({ type: 'node', node: nodeView('ready', { ...full, in_flight_jobs: 4 }) });
}

function explainWithReasons(user: User, api: FakeApi): Promise<void> {
  showReasons(api);
  return explain(user);
}

/** The nodes of the explanation become ready before. */
function explainWithReadyNodes(user: User, api: FakeApi): Promise<void> {
  for (const { node_id, name } of sixNodes())
    if (groupedPrediction.nodes.some((node) => node.node_id === node_id && node.excluded.length === 0))
      api.emit.onEvent({ type: 'node', node: nodeView('ready', { node_id, name }) });
  return explain(user);
}

const explained = (answers: NonNullable<Opening['answers']>, act: NonNullable<Opening['act']>): Opening => ({
  situation: 'ready',
  page: 'jobs',
  id: EXPLAIN_ID,
  answers,
  act,
  until: '#root table',
});

export const EXPLAIN_OPENINGS = {
  explained: explained({}, explainWithReasons),
  /** Without groups and dry runs. */
  'explained-older-scheduler': explained({ 'pool.explain': ok(explanation) }, explainWithReasons),
  'explained-prediction': explained({ 'pool.explain': ok(groupedPrediction) }, explainWithReadyNodes),
  'explained-held': explained({ 'pool.explain': ok(groupedHold) }, explainWithReadyNodes),
  'explained-each-reason': {
    situation: 'each_state',
    page: 'jobs',
    id: EXPLAIN_ID,
    act: (user, api) => {
      api.answer('pool.explain', ok(groupedEachReason));
      return explain(user, 'qwen2.5:14b');
    },
    until: '#root main section h3',
  },
} as const satisfies Record<string, Opening>;
