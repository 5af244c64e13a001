import { describe, expect, it } from 'vitest';
import {
  configuredChoice,
  EVERY_GPU,
  type GpuChoice,
  isOffered,
  settingsOf,
  unknownGpus,
  vramLimitGb,
  withOffer,
} from '../../../../src/main/agent/core/gpu-choice';
import { parseVramLimit } from '../../../../src/shared/vram-limit';
import { gpu } from '../../../support/fake-hardware';

const A = gpu({ key: 'GPU-a', uuid: 'GPU-a', index: 0, name: 'RTX 4090' });
const B = gpu({ key: 'GPU-b', uuid: 'GPU-b', index: 1, name: 'RTX 3060' });
const C = gpu({ key: '0000:03:00.0', uuid: null, index: 2, name: 'RX 7900 XTX' });
const all = [A, B, C];
const offered = (choice: GpuChoice) => all.filter((one) => isOffered(choice, one)).map(({ name }) => name);

it.each<[string, readonly string[] | null, readonly string[]]>([
  ['not set', null, ['RTX 4090', 'RTX 3060', 'RX 7900 XTX']],
  ['by UUID', ['GPU-b'], ['RTX 3060']],
  ['by index', ['0', '2'], ['RTX 4090', 'RX 7900 XTX']],
  ['by name, in any case', ['rtx 3060'], ['RTX 3060']],
  ['by key', ['0000:03:00.0'], ['RX 7900 XTX']],
  ['another card', ['GPU-x'], []],
])('offered: %s', (_title, gpus, expected) => {
  expect(offered({ gpus, vramLimits: [] })).toEqual(expected);
});

it('limits: by name, index or UUID; the first entry holds; none -> null', () => {
  const choice = configuredChoice(null, ['RTX 4090=16', '1=8.5', 'GPU-a=4']);
  expect(all.map((one) => vramLimitGb(choice, one))).toEqual([16, 8.5, null]);
});

it.each([
  ['RTX 4090=16', { gpu: 'RTX 4090', gb: 16 }],
  [' 0 = 8', null],
  ['0=8.25', { gpu: '0', gb: 8.25 }],
  ['a=b=8', { gpu: 'a=b', gb: 8 }],
  ['0=0', null],
  ['0=-1', null],
  ['=8', null],
  ['0=', null],
  ['0=8GB', null],
  ['0=99999999', null],
  ['', null],
])('limit %j', (written, expected) => {
  expect(parseVramLimit(written)).toEqual(expected);
});

it('as settings and back', () => {
  const choice = { gpus: ['GPU-a'], vramLimits: [{ gpu: 'RTX 4090', gb: 16.5 }] };
  const [gpus, limits] = settingsOf(choice).map(({ value }) => value);
  expect(configuredChoice(gpus ?? null, limits ?? [])).toEqual(choice);
  expect(settingsOf(EVERY_GPU).map(({ value }) => value)).toEqual([null, null]);
});

it('names that no GPU has', () => {
  expect(
    unknownGpus(
      {
        gpus: ['0', 'GPU-x'],
        vramLimits: [
          { gpu: 'GPU-y', gb: 1 },
          { gpu: 'GPU-x', gb: 1 },
        ],
      },
      all,
    ),
  ).toEqual(['GPU-x', 'GPU-y']);
});

describe('a change', () => {
  const change = (choice: GpuChoice, offer: Parameters<typeof withOffer>[2]) => withOffer(choice, all, offer);

  it('one GPU not offered -> the others by their ids; offered again -> all, also a new one', () => {
    const without = change(EVERY_GPU, { key: 'GPU-b', offered: false });
    expect(without).toEqual({ ok: true, value: { gpus: ['GPU-a', '0000:03:00.0'], vramLimits: [] } });
    if (without.ok) expect(change(without.value, { key: 'GPU-b', offered: true })).toEqual({ ok: true, value: EVERY_GPU });
  });

  it('the last offered GPU -> last_gpu; an unknown one -> unknown_gpu', () => {
    expect(change({ gpus: ['0'], vramLimits: [] }, { key: 'GPU-a', offered: false })).toEqual({ ok: false, error: 'last_gpu' });
    expect(change(EVERY_GPU, { key: 'GPU-x', offered: false })).toEqual({ ok: false, error: 'unknown_gpu' });
  });

  it('a limit while the offered GPU is absent -> kept', () => {
    expect(change({ gpus: ['GPU-x'], vramLimits: [] }, { key: 'GPU-a', vram_limit_gb: 8 })).toEqual({
      ok: true,
      value: { gpus: ['GPU-x'], vramLimits: [{ gpu: 'GPU-a', gb: 8 }] },
    });
  });

  it('a GPU that is not in this computer now keeps its entry', () => {
    expect(change({ gpus: ['GPU-x', '0', '1'], vramLimits: [] }, { key: 'GPU-b', offered: false })).toEqual({
      ok: true,
      value: { gpus: ['GPU-a', 'GPU-x'], vramLimits: [] },
    });
  });

  it('limit set, changed and removed; the choice of GPUs stays', () => {
    const set = change({ gpus: ['0', '1'], vramLimits: [{ gpu: 'GPU-x', gb: 2 }] }, { key: 'GPU-a', vram_limit_gb: 16 });
    expect(set).toEqual({
      ok: true,
      value: {
        gpus: ['0', '1'],
        vramLimits: [
          { gpu: 'GPU-a', gb: 16 },
          { gpu: 'GPU-x', gb: 2 },
        ],
      },
    });
    if (!set.ok) return;
    expect(change(set.value, { key: 'GPU-a', vram_limit_gb: 8 })).toMatchObject({
      value: { vramLimits: [{ gpu: 'GPU-a', gb: 8 }, { gpu: 'GPU-x' }] },
    });
    expect(change(set.value, { key: 'GPU-a', vram_limit_gb: null })).toMatchObject({ value: { vramLimits: [{ gpu: 'GPU-x', gb: 2 }] } });
  });

  it('limit by a name that two GPUs have -> the other one keeps it', () => {
    const twin = gpu({ key: 'GPU-c', uuid: 'GPU-c', index: 3, name: 'RTX 4090' });
    expect(withOffer({ gpus: null, vramLimits: [{ gpu: 'RTX 4090', gb: 10 }] }, [A, twin], { key: 'GPU-a', vram_limit_gb: null })).toEqual({
      ok: true,
      value: { gpus: null, vramLimits: [{ gpu: 'GPU-c', gb: 10 }] },
    });
  });
});
