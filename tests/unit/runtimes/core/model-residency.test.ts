// Whether a model is in memory by the reason of its state, and the decision about an act (ADR 0025).
import { expect, test } from 'vitest';
import {
  type ControlDecision,
  type ControlFacts,
  decideControl,
  loadedOf,
  residencyOfServed,
} from '../../../../src/main/runtimes/core/model-residency';
import type { ServedReason } from '../../../../src/main/runtimes/core/servers/server-type';
import { MODEL_ACTIONS, type ModelAction, type ModelResidency } from '../../../../src/shared/protocol/model-control';

test.each<readonly [ServedReason, ModelResidency | null, boolean | null]>([
  ['loaded', 'loaded', true],
  ['cold', 'cold', false],
  ['not_loaded', 'cold', false],
  ['load_failed', 'cold', false],
  ['loading', null, null],
  ['listed', null, null],
  ['downloading', null, null],
  ['state_unknown', null, null],
  ['readiness_unknown', null, null],
])('reason %s -> residency %s, loaded %s', (reasonCode, residency, loaded) => {
  expect(residencyOfServed({ reasonCode })).toBe(residency);
  expect(loadedOf(residency)).toBe(loaded);
});

test('the residency that the server states has precedence', () => {
  expect(residencyOfServed({ reasonCode: 'loaded', residency: 'pinned' })).toBe('pinned');
  expect([loadedOf('pinned'), loadedOf('loading')]).toEqual([true, null]);
});

const facts = (residency: ModelResidency | null, change: Partial<ControlFacts> = {}): ControlFacts => ({
  model: { residency, actions: MODEL_ACTIONS },
  isActing: false,
  hasWork: false,
  ...change,
});

test.each<readonly [string, ControlFacts, ModelAction, ControlDecision]>([
  ['not on this node', facts('cold', { model: null }), 'load', 'unknown_model'],
  ['action of another server', facts('cold', { model: { residency: 'cold', actions: ['load'] } }), 'pin', 'not_supported'],
  ['another act runs', facts('cold', { isActing: true }), 'load', 'in_progress'],
  ['load: cold', facts('cold'), 'load', 'act'],
  ['load: unknown', facts(null), 'load', 'act'],
  ['load: loaded', facts('loaded'), 'load', 'done'],
  ['load: pinned', facts('pinned'), 'load', 'done'],
  ['load: with work', facts('cold', { hasWork: true }), 'load', 'act'],
  ['unload: loaded', facts('loaded'), 'unload', 'act'],
  ['unload: unknown', facts(null), 'unload', 'act'],
  ['unload: cold', facts('cold'), 'unload', 'done'],
  ['unload: with work', facts('loaded', { hasWork: true }), 'unload', 'has_work'],
  ['unload: pinned', facts('pinned'), 'unload', 'pinned'],
  ['pin: cold', facts('cold'), 'pin', 'act'],
  ['pin: loaded with work', facts('loaded', { hasWork: true }), 'pin', 'act'],
  ['pin: pinned', facts('pinned'), 'pin', 'done'],
  ['unpin: pinned', facts('pinned'), 'unpin', 'act'],
  ['unpin: loaded', facts('loaded'), 'unpin', 'done'],
  ['unpin: cold, so that nothing is loaded', facts('cold'), 'unpin', 'done'],
])('%s -> %4$s', (_title, given, action, decision) => {
  expect(decideControl(given, action)).toBe(decision);
});
