// Filter `vram`: free GPU memory against the memory that the models of a job need (docs/dispatch.md).
import { expect, test } from 'vitest';
import { vram } from '../../../../src/main/scheduler/dispatch/filters/vram';
import { modelsWithoutVram } from '../../../../src/main/scheduler/dispatch/free-vram';
import { DEFAULT_DISPATCH_POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import type { NodeRecord } from '../../../../src/main/scheduler/lifecycle/node-record';
import type { GpuReading, InstalledModel } from '../../../../src/main/scheduler/lifecycle/node-report';
import { aModel, aProfile, aReading, aRecord, aUsage } from '../lifecycle/records';

const big = aModel({ modelId: 'big', vramGb: 20, isLoaded: false });
const card = (usedGb: number | null, overrides: Partial<GpuReading> = {}): GpuReading =>
  aReading({ memoryTotalGb: 24, memoryUsedGb: usedGb, ...overrides });
const node = (gpus: readonly GpuReading[] | null, models: readonly InstalledModel[], overrides: Partial<NodeRecord> = {}): NodeRecord =>
  aRecord({ gpus, profile: aProfile({ installedModels: models }), ...overrides });
const found = (record: NodeRecord): unknown =>
  vram(record, { requiredModels: ['big'], public: true }, DEFAULT_DISPATCH_POLICY)?.found ?? null;

const small = aModel({ modelId: 'small', vramGb: 18, isLoaded: true });

test.each<readonly [string, NodeRecord, number | null]>([
  ['model fits', node([card(4)], [big]), null],
  ['model does not fit', node([card(4.1)], [big]), 19.9],
  ['memory that the model needs is unknown', node([card(23)], [aModel({ modelId: 'big' })]), null],
  ['model is loaded', node([card(23)], [{ ...big, isLoaded: true }]), null],
  ['whether the model is loaded is unknown', node([card(23)], [{ ...big, isLoaded: null }]), 1],
  ['GPU does not report its memory', node([card(null)], [big]), null],
  ['no live figures', node(null, [big]), null],
  ['two GPUs together', node([card(14), card(12, { index: 1 })], [big]), null],
  ['unavailable GPU does not count', node([card(14), card(12, { index: 1, available: false })], [big]), 10],
  ['an idle loaded model gives way', node([card(20)], [big, small]), null],
  ['a loaded model in use stays', node([card(20)], [big, small], { usage: aUsage({ runningJobs: 1 }) }), 4],
])('%s', (_title, record, freeGb) => {
  expect(found(record)).toEqual(freeGb === null ? null : { free_vram_gb: freeGb });
  expect(modelsWithoutVram(record)).toBe(freeGb === null ? '' : 'big');
});
