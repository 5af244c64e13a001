// A member that leaves and joins again: its new node begins with the rates of its last one, in bounded memory.
import { describe, expect, test } from 'vitest';
import { afterSample, isTrialDue, NO_RATES } from '../../../../src/main/scheduler/lifecycle/model-rates';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import { MemberRates } from '../../../../src/main/scheduler/pool/member-rates';
import { aModel, aProfile, aRecord, at } from '../lifecycle/records';

const SAMPLE = { inputPerSecond: 100, outputPerSecond: 10, concurrency: 1, loadSeconds: null, slowdown: null };

function memberRates() {
  const records = new Map<string, NodeRecord>();
  const live = new Set<string>();
  const rates = new MemberRates({
    record: (nodeId) => records.get(nodeId),
    now: () => at(0),
    liveOn: (_nodeId, modelId) => (live.has(modelId) ? 1 : 0),
  });
  const register = (memberId: string, record: NodeRecord): void => {
    records.set(record.nodeId, record);
    rates.registered(memberId, record.nodeId);
  };
  const leave = (memberId: string, nodeId: string): void => {
    rates.leaving(memberId, nodeId);
    records.delete(nodeId);
  };
  return { rates, live, register, leave };
}

const measured = (nodeId: string, models = ['m']) =>
  aRecord({ nodeId, rates: models.reduce((all, modelId) => afterSample(all, modelId, SAMPLE, 0), NO_RATES) });

describe('member rates', () => {
  test('last node is known or has left -> its rates; another member -> none', () => {
    const { rates, register, leave } = memberRates();
    register('mem-1', measured('node-1'));
    expect(rates.of('mem-1').get('m')?.outputPerSecond[0]).toBe(10);
    leave('mem-1', 'node-1');
    expect(rates.of('mem-1').get('m')?.outputPerSecond[0]).toBe(10);
    expect(rates.of('mem-2')).toBe(NO_RATES);
  });

  test('left before the job of a trial ended -> no trial of this model at once, of others as before', () => {
    const { rates, live, register, leave } = memberRates();
    const profile = aProfile({ installedModels: ['m', 'other'].map((modelId) => aModel({ modelId })) });
    live.add('m');
    register('mem-1', aRecord({ nodeId: 'node-1', profile, assignedJobs: 1 }));
    leave('mem-1', 'node-1');
    expect([isTrialDue(rates.of('mem-1'), 'm'), isTrialDue(rates.of('mem-1'), 'other')]).toEqual([false, true]);
    const [first] = rates.of('mem-1').values();
    expect(first).toMatchObject({ trialFromMonotonicMs: 0, trialAfterMs: 600_000, missedTrials: 3 });
  });

  test('many members with a thousand models each -> the latest ones are kept', () => {
    const { rates, register, leave } = memberRates();
    const record = measured(
      'node-1',
      Array.from({ length: 1000 }, (_, i) => `m${String(i)}`),
    );
    for (let i = 0; i < 40; i++) {
      register(`mem-${String(i)}`, record);
      leave(`mem-${String(i)}`, 'node-1');
    }
    const kept = Array.from({ length: 40 }, (_, i) => rates.of(`mem-${String(i)}`).size);
    expect(kept.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(20_000);
    expect(kept.at(-1)).toBe(1000);
  });
});
