// Model offers, and their equality to a full scan.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ModelOffers, type TaskOffer } from '../../../../src/main/scheduler/dispatch/model-offers';
import { modelState } from '../../../../src/main/scheduler/lifecycle/model-readiness';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { nodeTransition } from '../../../../src/main/scheduler/lifecycle/transition';
import type { CapabilityState } from '../../../../src/shared/protocol/node-messages';
import { knownTasks, TASK_KINDS, type TaskKind, takes } from '../../../../src/shared/protocol/task-kinds';
import { profileThatCounts } from '../../../support/counting-profile';
import { poolSteps } from '../lifecycle/histories';
import { aModel, aProfile, aRecord, at } from '../lifecycle/records';
import { EAGER, NODE_IDS, WITH_ALL_MODELS } from './random-pools';

const llm = aModel({ modelId: 'llm', kind: 'llm' });
const off = aModel({ modelId: 'off', kind: 'tts', enabled: false });
const node = (overrides: Parameters<typeof aRecord>[0] = {}, state: CapabilityState = 'ready') =>
  aRecord({ profile: aProfile({ installedModels: [off, llm], capabilityState: { llm: state, off: 'ready' } }), ...overrides });
const taking = (tasks: TaskKind[] | null) =>
  aRecord({ profile: aProfile({ installedModels: [{ ...llm, tasks }], capabilityState: null }) });
/** A model that is not installed but has a state. */
const coming = (state: CapabilityState) =>
  aRecord({ profile: aProfile({ installedModels: [llm], capabilityState: { llm: 'ready', new: state } }) });

function offersOf(records: readonly NodeRecord[]): ModelOffers {
  const offers = new ModelOffers();
  for (const [i, record] of records.entries()) offers.update(null, { ...record, nodeId: `n${String(i)}` });
  return offers;
}

describe('model offers', () => {
  it.each<[string, readonly NodeRecord[], string, TaskOffer]>([
    ['not ready on a node that names no tasks -> may run', [node({ status: 'offline' }, 'downloading')], 'llm', { kind: 'may_run' }],
    ['one of two nodes takes the task -> may run', [taking([]), taking(['/v1/completions'])], 'llm', { kind: 'may_run' }],
    [
      'nodes take other tasks -> these tasks',
      [taking(['command']), taking(['/v1/rerank', 'command'])],
      'llm',
      { kind: 'other_tasks', tasks: ['command', '/v1/rerank'] },
    ],
    ['node takes nothing -> no other task', [taking([])], 'llm', { kind: 'other_tasks', tasks: [] }],
    ['a node downloads it -> may run', [node(), coming('downloading')], 'new', { kind: 'may_run' }],
    ['its download failed -> no model', [coming('error')], 'new', { kind: 'no_model' }],
    ['disabled -> no model', [node()], 'off', { kind: 'no_model' }],
    ['on no node -> no model', [node()], 'none', { kind: 'no_model' }],
  ])('%s', (_title, records, modelId, offer) => {
    expect(offersOf(records).offerOf(modelId, '/v1/completions')).toEqual(offer);
  });

  it.each<[string, readonly NodeRecord[], string, boolean]>([
    ['each node reports the task', [taking(['/v1/messages']), taking(['command', '/v1/messages'])], 'llm', true],
    ['one node does not', [taking(['/v1/messages']), taking(['/v1/chat/completions'])], 'llm', false],
    ['one node reports no tasks', [taking(['/v1/messages']), taking(null)], 'llm', false],
    ['a node downloads it', [coming('downloading')], 'new', false],
    ['no node has it', [taking(['/v1/messages'])], 'none', false],
  ])('reported by all: %s', (_title, records, modelId, expected) => {
    expect(offersOf(records).allReport(modelId, '/v1/messages')).toBe(expected);
  });
});

/** The result of a full scan. */
function offerByScan(records: Iterable<NodeRecord>, modelId: string, task: TaskKind): TaskOffer {
  let instead: readonly TaskKind[] | null = null;
  for (const { profile } of records) {
    for (const { modelId: id, enabled, tasks } of profile.installedModels) {
      if (!enabled || id !== modelId) continue;
      if (takes(tasks, task)) return { kind: 'may_run' };
      instead = knownTasks([...(instead ?? []), ...(tasks ?? [])]);
    }
    if (profile.capabilityState?.[modelId] === 'downloading' && modelState(profile, modelId) === 'downloading') return { kind: 'may_run' };
  }
  return instead === null ? { kind: 'no_model' } : { kind: 'other_tasks', tasks: instead };
}

test('model offers: random histories -> the offers of a scan, no model without a node', () => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(poolSteps(NODE_IDS.slice(0, 3), 60), (steps) => {
      const offers = new ModelOffers();
      const records = new Map(NODE_IDS.slice(0, 3).map((nodeId) => [nodeId, aRecord({ nodeId, profile: WITH_ALL_MODELS })]));
      for (const record of records.values()) offers.update(null, record);
      let nowMonotonicMs = 0;
      for (const { nodeId, afterMs, event } of steps) {
        const previous = records.get(nodeId) ?? null;
        const [next] = nodeTransition(previous, event, at((nowMonotonicMs += afterMs)), EAGER);
        if (next === null) records.delete(nodeId);
        else records.set(nodeId, next);
        offers.update(previous, next);
        for (const modelId of ['a', 'b', 'c', 'unknown']) {
          for (const task of TASK_KINDS) {
            const offer = offers.offerOf(modelId, task);
            kinds.add(offer.kind);
            expect(offer).toEqual(offerByScan(records.values(), modelId, task));
          }
        }
      }
      for (const record of records.values()) offers.update(record, null);
      expect(offers.size).toBe(0);
    }),
    { numRuns: 100 },
  );
  expect([...kinds].sort(), 'each kind was met').toEqual(['may_run', 'no_model', 'other_tasks']);
});

test('model offers: a thousand models that are being downloaded -> each is read a few times', () => {
  const { profile, reads } = profileThatCounts(aProfile(), 1024, 'downloading');
  offersOf([aRecord({ profile })]);
  expect(reads()).toBeLessThan(20 * 1024);
});
