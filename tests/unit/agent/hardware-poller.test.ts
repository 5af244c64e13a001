import { expect, test } from 'vitest';
import { EVERY_GPU } from '../../../src/main/agent/core/gpu-choice';
import { HardwarePoller } from '../../../src/main/agent/hardware-poller';
import { NO_POOL_USE } from '../../../src/main/hardware/parse/pool-sample';
import { FakeHardware, gpu } from '../../support/fake-hardware';
import { ManualClock } from '../../support/manual-clock';
import { until } from '../../support/until';

async function startPoller(hardware: FakeHardware) {
  const events: string[] = [];
  const clock = new ManualClock();
  const changes: boolean[] = [];
  const poller = new HardwarePoller({
    hardware,
    clock,
    logger: { log: (_level, event) => events.push(event), isEnabled: () => true },
    poolUse: () => ({ ...NO_POOL_USE, pids: [hardware.loads] }),
    choice: EVERY_GPU,
    onReading: () => undefined,
    onChange: (registration) => changes.push(registration),
  });
  await poller.start();
  /** Advances the clock until the load was read `times` more. */
  const read = async (times: number) => {
    for (let i = 0; i < times; i++) {
      const { loads } = hardware;
      await until('the next reading to be due', () => clock.pending === 1);
      clock.advance(2500);
      expect(hardware.loads).toBe(loads + 1);
    }
    await until('the reading to be done', () => clock.pending === 1);
  };
  return { poller, clock, changes, events, read };
}

test('hardware poller: load every 2.5 s, inventory once', async () => {
  const hardware = new FakeHardware();
  const { changes, read } = await startPoller(hardware);
  await read(10);
  expect([hardware.inventories, changes]).toEqual([1, []]);
  // Each reading has the processes that work for the pool at that time.
  expect(hardware.use?.pids).toEqual([hardware.loads - 1]);
});

test('hardware poller: unknown GPU -> inventory once a minute, change reported when the GPU is found', async () => {
  const hardware = new FakeHardware();
  const { changes, read } = await startPoller(hardware);
  hardware.unknownGpuSeen = true;
  await read(23);
  expect(hardware.inventories).toBe(1);
  hardware.adapters = [gpu(), gpu({ key: 'GPU-b', uuid: 'GPU-b', index: 1 })];
  await read(2);
  expect([hardware.inventories, changes]).toEqual([2, [true]]);
  await read(20);
  expect(hardware.inventories).toBe(2);
});

test('hardware poller: GPU fails and recovers -> one change each', async () => {
  const hardware = new FakeHardware();
  const { poller, changes, read } = await startPoller(hardware);
  hardware.fault = 'gpu_lost';
  await read(3);
  expect(poller.load()?.load.gpus).toMatchObject([{ available: false, unavailableCode: 'gpu_lost' }]);
  hardware.fault = null;
  await read(3);
  expect(changes).toEqual([false, false]);
});

test('hardware poller: no measurement for 30 s -> real GPUs unavailable, simulated ones available', async () => {
  const hardware = new FakeHardware();
  hardware.adapters = [gpu(), gpu({ key: 'simulated-0', simulated: true })];
  const { poller, read } = await startPoller(hardware);
  hardware.ageMs = 30_001;
  await read(1);
  expect(poller.offeredLoad()?.gpus).toMatchObject([{ available: false, unavailableCode: 'probe_timeout' }, { available: true }]);
});

test('hardware poller: largest GPU -> of the offered GPUs only', async () => {
  const hardware = new FakeHardware();
  hardware.adapters = [
    gpu(),
    gpu({ key: 'b', memoryGb: 80 }),
    gpu({ key: 'c', memoryGb: 999, verdict: { accepted: false, code: 'virtual_adapter', detail: null } }),
  ];
  const { poller } = await startPoller(hardware);
  expect(poller.largestGpuGb()).toBe(80);
});

test('hardware poller: choice names an unknown GPU while it runs -> one log line', async () => {
  const { poller, events } = await startPoller(new FakeHardware());
  const choice = { gpus: ['RTX 9999'], vramLimits: [] };
  poller.choose(choice);
  poller.choose({ ...choice });
  expect(events.filter((event) => event === 'chosen_gpus_not_found')).toHaveLength(1);
});

test('hardware poller: stopped -> no further reading', async () => {
  const hardware = new FakeHardware();
  const { poller, clock } = await startPoller(hardware);
  poller.stop();
  clock.advance(60_000);
  expect([hardware.loads, clock.pending]).toEqual([1, 0]);
});
