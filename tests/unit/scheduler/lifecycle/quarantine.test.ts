// The quarantine of a node: what it changes, what ends it, and what it survives.
import { expect, test } from 'vitest';
import type { NodeEvent } from '../../../../src/main/scheduler/lifecycle/events';
import { statusDeadline } from '../../../../src/main/scheduler/lifecycle/deadlines';
import { restoreRecord } from '../../../../src/main/scheduler/lifecycle/restore-record';
import { toStoredNode } from '../../../../src/main/scheduler/nodes/core/stored-node';
import { play, played, registered } from './play';
import { aRecord, at, jobAssigned, POLICY } from './records';

const quarantine = (reason: string | null = 'wrong answers'): NodeEvent => ({ type: 'quarantine_requested', reason });
const release: NodeEvent = { type: 'release_requested' };

test('quarantine -> status and connection kept, jobs requeued once', () => {
  const busy = played(aRecord(), [[1, jobAssigned()]]);
  const [record, effects] = play(busy, [[2, quarantine()]]);
  expect(record).toEqual({ ...busy, quarantine: { by: 'operator', reason: 'wrong answers', since: at(2) } });
  expect(effects).toEqual([{ type: 'requeue_jobs', cause: 'quarantined', jobs: 1 }]);
  expect(play(record, [[3, quarantine('other')]])).toEqual([
    { ...busy, quarantine: { by: 'operator', reason: 'other', since: at(2) } },
    [],
  ]);
});

test('quarantine -> survives a registration and a restart; the record does not expire', () => {
  const offline = played(aRecord({ status: 'offline', online: false }), [[2, quarantine()]]);
  expect(statusDeadline(offline, POLICY)).toBeNull();
  expect(statusDeadline({ ...offline, quarantine: null }, POLICY)).toMatchObject({ kind: 'retention' });
  const restored = restoreRecord(toStoredNode(offline), at(100));
  expect(restored.quarantine).toEqual(offline.quarantine);
  expect(played(restored, [[200, registered()]]).quarantine).toEqual(offline.quarantine);
});

test('release -> trusted again; not quarantined -> refused', () => {
  const record = aRecord();
  expect(
    play(record, [
      [1, quarantine()],
      [2, release],
    ]),
  ).toEqual([record, []]);
  expect(play(record, [[1, release]])).toEqual([record, [{ type: 'refused', code: 'not_quarantined' }]]);
});
