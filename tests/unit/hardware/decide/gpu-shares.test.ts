import { describe, expect, it } from 'vitest';
import { NO_SHARES, sharesOf, withShares } from '../../../../src/main/hardware/decide/gpu-shares';
import { NO_OWNER_LOAD, withObservation } from '../../../../src/main/hardware/decide/owner-load';
import {
  type ListedGpuProcess,
  NO_POOL_USE,
  type PoolSample,
  type PoolUse,
  type ProgramClient,
} from '../../../../src/main/hardware/parse/pool-sample';
import { known, NOTHING_REPORTED } from '../../../../src/main/hardware/parse/reading';
import type { GpuAdapter, GpuLoad } from '../../../../src/main/hardware/parse/types';
import { gpu } from '../../../support/fake-hardware';

const SERVER = { id: 'ollama', port: 11_434, processNames: ['ollama'], usedAtMonotonicMs: null };
const process = (pid: number, group: string | null, memoryGb: number | null, fields: Partial<ListedGpuProcess> = {}): ListedGpuProcess => ({
  pid,
  group,
  memoryGb,
  name: `p${String(pid)}`,
  exists: true,
  share: null,
  ...fields,
});
const sample = (fields: Partial<PoolSample>): PoolSample => ({
  cpu: null,
  groups: [],
  nvidia: null,
  clients: null,
  programs: null,
  ...fields,
});
const card = (...processes: readonly ListedGpuProcess[]): PoolSample['nvidia'] => [{ index: 0, totalPercent: 50, processes }];
const AMD = gpu({ key: 'amd', source: 'sysfs', vendor: 'amd', busAddress: '0000:03:00.0', index: 0 });

interface Step {
  readonly at: number;
  readonly sample: Partial<PoolSample>;
  readonly use?: PoolUse;
}

/** The share of the adapter at `now`, after these samples. */
function shareAt(now: number, steps: readonly Step[], adapter: GpuAdapter = gpu()) {
  const load: GpuLoad = {
    key: adapter.key,
    available: true,
    unavailableCode: null,
    live: { ...NOTHING_REPORTED, utilizationPercent: known(50) },
  };
  let shares = NO_SHARES;
  let owner = NO_OWNER_LOAD;
  for (const { at, sample: fields, use = NO_POOL_USE } of steps) {
    const observation = { sample: sample(fields), use, adapters: [adapter], atMonotonicMs: at };
    shares = withShares(shares, observation);
    owner = withObservation(owner, { ...observation, gpus: [load] });
  }
  return sharesOf(shares, owner, { adapters: [adapter], gpus: [load] }, now)[0];
}

describe('NVIDIA', () => {
  it.each<[string, readonly ListedGpuProcess[], number | null]>([
    ['pool and owner', [process(1, 'ollama', 6.2), process(2, null, 9.1)], 6.2],
    ['several processes of the pool', [process(1, 'ollama', 6.2), process(2, 'muster', 0.3)], 6.5],
    ['no process of the pool', [process(2, null, 9.1)], 0],
    ['memory of a pool process not reported', [process(1, 'ollama', null), process(2, null, 9.1)], null],
    ['memory of an own process not reported', [process(1, 'ollama', 1), process(2, null, null)], 1],
    ['a process of another container', [process(1, 'ollama', 1), process(2, null, 3, { exists: false })], null],
  ])('memory of the pool: %s', (_title, processes, expected) => {
    expect(shareAt(0, [{ at: 0, sample: { nvidia: card(...processes) } }])?.poolMemoryGb).toBe(expected);
  });

  it('a model server that was not found -> unknown, found -> known', () => {
    const use = { ...NO_POOL_USE, servers: [SERVER] };
    const nvidia = card(process(2, null, 9));
    expect(shareAt(0, [{ at: 0, sample: { nvidia }, use }])?.poolMemoryGb).toBeNull();
    expect(shareAt(0, [{ at: 0, sample: { nvidia, groups: [{ id: 'ollama', processes: [] }] }, use }])?.poolMemoryGb).toBe(0);
  });

  it('programs: the most memory first, the pool marked, with the age of the list; at most 64', () => {
    const nvidia = card(process(2, null, 0.8, { share: 3 }), process(3, null, null), process(1, 'ollama', 6.2, { share: 0 }));
    expect(shareAt(5000, [{ at: 2500, sample: { nvidia } }])?.programs).toEqual({
      ageMs: 2500,
      list: [
        { pid: 1, name: 'p1', percent: 0, memoryGb: 6.2, isPool: true },
        { pid: 2, name: 'p2', percent: 3, memoryGb: 0.8, isPool: false },
        { pid: 3, name: 'p3', percent: null, memoryGb: null, isPool: false },
      ],
    });
    const many = card(...Array.from({ length: 200 }, (_, pid) => process(pid + 1, null, pid)));
    expect(shareAt(0, [{ at: 0, sample: { nvidia: many } }])?.programs?.list).toHaveLength(64);
  });

  it('the last list stays for 75 s, then it is unknown', () => {
    const steps = [{ at: 0, sample: { nvidia: card(process(1, 'ollama', 6)) } }];
    expect([shareAt(75_000, steps)?.poolMemoryGb, shareAt(75_001, steps)?.poolMemoryGb, shareAt(75_001, steps)?.programs]).toEqual([
      6,
      null,
      null,
    ]);
  });

  it('use of the owner: the last reading for 10 s, the mean stays', () => {
    const steps = [{ at: 0, sample: {} }];
    expect(shareAt(10_000, steps)).toMatchObject({ ownerPercent: 50, ownerMeanPercent: 50 });
    expect(shareAt(10_001, steps)).toMatchObject({ ownerPercent: null, ownerMeanPercent: 50 });
  });
});

describe('AMD', () => {
  const client = (pid: number, group: string | null, busyMs: number, memoryGb: number | null, clientId = String(pid)): ProgramClient => ({
    pid,
    group,
    name: `p${String(pid)}`,
    busAddress: '0000:03:00.0',
    clientId,
    busyNs: busyMs * 1e6,
    memoryGb,
  });
  const poolClient = (memoryGb: number | null, busAddress = '0000:03:00.0') => ({
    group: 'muster',
    busAddress,
    clientId: '1',
    busyNs: 0,
    memoryGb,
  });

  it.each<[string, PoolSample['clients'], number | null]>([
    ['of this card', [poolClient(2), poolClient(1), poolClient(5, '0000:04:00.0')], 3],
    ['not reported', [poolClient(null)], null],
    ['none', [], 0],
    ['not read', null, null],
  ])('memory of the pool: %s', (_title, clients, expected) => {
    expect(shareAt(0, [{ at: 0, sample: { clients } }], AMD)?.poolMemoryGb).toBe(expected);
  });

  it('programs: the use between two lists, files of one process added up', () => {
    const steps = [
      { at: 0, sample: { programs: [client(7, null, 100, 1), client(8, 'ollama', 0, 4)] } },
      { at: 5000, sample: { programs: [client(7, null, 1100, 1), client(7, null, 50, 0.5, 'b'), client(8, 'ollama', 2500, 4)] } },
    ];
    expect(shareAt(0, steps.slice(0, 1), AMD)?.programs?.list[0]).toEqual({ pid: 8, name: 'p8', percent: null, memoryGb: 4, isPool: true });
    expect(shareAt(5000, steps, AMD)?.programs?.list).toEqual([
      { pid: 8, name: 'p8', percent: 50, memoryGb: 4, isPool: true },
      { pid: 7, name: 'p7', percent: 20, memoryGb: 1.5, isPool: false },
    ]);
  });
});

it('simulated GPU -> no programs, no memory of the pool', () => {
  expect(shareAt(0, [], gpu({ simulated: true, source: 'simulated' }))).toMatchObject({
    poolMemoryGb: 0,
    programs: { list: [], ageMs: 0 },
  });
});
