// A replica sends its nodes away when the bus stays away.
import { expect, test } from 'vitest';
import type { BusStatus } from '../../../../src/main/scheduler/cluster/bus/bus';
import { BUS_AWAY_MS, onBusAbsence } from '../../../../src/main/scheduler/replica/bus-absence';
import { ManualClock } from '../../../support/manual-clock';

const AWAY: BusStatus = { type: 'disconnected' };
const BACK: BusStatus = { type: 'reconnected', server: '' };

function watched() {
  const clock = new ManualClock();
  let acts = 0;
  let tell: (status: BusStatus) => void = () => undefined;
  const onStatus = (listener: (status: BusStatus) => void) => {
    tell = listener;
    return () => (tell = () => undefined);
  };
  const stop = onBusAbsence({ onStatus }, clock, () => (acts += 1));
  return { clock, tell: (status: BusStatus) => tell(status), stop, acts: () => acts };
}

test('bus absence: back in time -> nothing; away for so long -> once; away again -> again', () => {
  const { clock, tell, acts } = watched();
  tell(AWAY);
  clock.advance(BUS_AWAY_MS - 1);
  tell({ type: 'fault', fault: { type: 'unreachable', reason: 'timeout' } });
  tell(BACK);
  clock.advance(BUS_AWAY_MS);
  expect(acts()).toBe(0);
  tell(AWAY);
  clock.advance(BUS_AWAY_MS / 2);
  tell(AWAY);
  clock.advance(BUS_AWAY_MS / 2);
  expect(acts()).toBe(1);
  clock.advance(10 * BUS_AWAY_MS);
  expect(acts()).toBe(1);
  tell(BACK);
  tell(AWAY);
  clock.advance(BUS_AWAY_MS);
  expect(acts()).toBe(2);
});

test('bus absence: stopped -> nothing more', () => {
  const { clock, tell, stop, acts } = watched();
  tell(AWAY);
  stop();
  clock.advance(BUS_AWAY_MS);
  expect([acts(), clock.pending]).toEqual([0, 0]);
});
