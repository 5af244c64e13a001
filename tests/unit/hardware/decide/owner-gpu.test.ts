import { describe, expect, it } from 'vitest';
import { ownerPercentOfClients, ownerPercentOfNvidia } from '../../../../src/main/hardware/decide/owner-gpu';
import type { GpuProcess } from '../../../../src/main/hardware/parse/pool-sample';

const pool = new Set(['muster', 'server']);
const of = (group: string | null, share: number | null, exists = true): GpuProcess => ({ group, share, exists });

describe('ownerPercentOfNvidia', () => {
  it.each([
    ['the pool alone', 98, [of('server', 97)], 0],
    ['the owner alone', 60, [of(null, 58)], 60],
    ['both, in proportion', 80, [of('muster', 30), of(null, 10)], 20],
    ['both at full use: the sum exceeds 100', 100, [of('server', 90), of(null, 90)], 50],
    ["a server that runs no pool job is the owner's", 90, [of('other server', 88)], 90],
    ['idle processes beside a busy one', 90, [of('server', 88), of(null, null), of(null, null)], 0],
    ['idle card -> the total', 5, [of('server', null)], 5],
    ['total unknown', null, [of('server', 90)], null],
    ['busy card without processes', 90, [], null],
    ['busy card, the processes explain little', 90, [of(null, 3)], null],
    ['a busy process that this machine does not have', 90, [of('server', 60), of(null, 30, false)], null],
    ['an idle process that has ended', 90, [of('server', 90), of(null, null, false)], 0],
    ['no shares: a pool process on the card', 90, [of('server', null), of(null, null)], null],
    ['no shares: no pool process on the card', 90, [of(null, null)], 90],
    ['no shares: a process of another container', 90, [of(null, null, false)], null],
  ])('%s', (_title, totalPercent, processes, expected) => {
    expect(ownerPercentOfNvidia({ totalPercent, processes }, pool)).toBe(expected);
  });
});

describe('ownerPercentOfClients', () => {
  const client = (group: string, clientId: string, busyMs: number, busAddress = 'card') => ({
    group,
    busAddress,
    clientId,
    busyNs: busyMs * 1e6,
  });
  it.each([
    ['the pool alone', 80, [client('muster', '1', 100)], [client('muster', '1', 900)], 0],
    ['both', 80, [client('muster', '1', 100)], [client('muster', '1', 400)], 50],
    ['no client of the pool', 80, [], [], 80],
    ['a server without pool jobs', 80, [client('other', '1', 0)], [client('other', '1', 800)], 80],
    ['another card', 80, [], [client('muster', '1', 800, 'card 2')], 80],
    ['new client', 80, [], [client('muster', '1', 300)], 50],
    ['client closed', 80, [client('muster', '1', 700)], [], 80],
    ['more time than passed (several engines)', 80, [client('muster', '1', 0)], [client('muster', '1', 1900)], -20],
    ['time runs backwards', 80, [client('muster', '1', 500)], [client('muster', '1', 100)], 80],
  ])('%s', (_title, total, before, now, expected) => {
    expect(ownerPercentOfClients(total, 'card', { before, now, elapsedMs: 1000 }, pool)).toBe(expected);
  });
});
