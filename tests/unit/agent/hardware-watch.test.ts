import { expect, test } from 'vitest';
import { HardwareWatch } from '../../../src/main/agent/hardware-watch';
import { silentLogger } from '../../../src/main/platform/logger';
import { FakeHardware, gpu } from '../../support/fake-hardware';
import { ManualClock } from '../../support/manual-clock';
import { until } from '../../support/until';

async function watching(hardware: FakeHardware) {
  const clock = new ManualClock();
  const changes: boolean[] = [];
  const watch = new HardwareWatch({
    hardware,
    clock,
    logger: silentLogger,
    onReading: () => undefined,
    onChange: (registration) => changes.push(registration),
  });
  await watch.start();
  /** Lets time pass until the load was read so many times more. */
  const read = async (times: number) => {
    for (let i = 0; i < times; i++) {
      const { loads } = hardware;
      await until('the next reading to be due', () => clock.pending === 1);
      clock.advance(2500);
      expect(hardware.loads).toBe(loads + 1);
    }
    await until('the reading to be done', () => clock.pending === 1);
  };
  return { watch, clock, changes, read };
}

test('the load is read every 2.5 s, the inventory once', async () => {
  const hardware = new FakeHardware();
  const { changes, read } = await watching(hardware);
  await read(10);
  expect([hardware.inventories, changes]).toEqual([1, []]);
});

test('a card that the inventory lacks is looked for once a minute, and told when it is found', async () => {
  const hardware = new FakeHardware();
  const { changes, read } = await watching(hardware);
  hardware.unknownGpuSeen = true;
  await read(23);
  expect(hardware.inventories).toBe(1);
  hardware.adapters = [gpu(), gpu({ key: 'GPU-b', uuid: 'GPU-b', index: 1 })];
  await read(2);
  expect([hardware.inventories, changes]).toEqual([2, [true]]);
  await read(20);
  expect(hardware.inventories).toBe(2);
});

test('a GPU that fails and one that comes back are told each once', async () => {
  const hardware = new FakeHardware();
  const { watch, changes, read } = await watching(hardware);
  hardware.fault = 'gpu_lost';
  await read(3);
  expect(watch.load()?.load.gpus).toMatchObject([{ available: false, unavailableCode: 'gpu_lost' }]);
  hardware.fault = null;
  await read(3);
  expect(changes).toEqual([false, false]);
});

test('the largest GPU is the largest of those offered', async () => {
  const hardware = new FakeHardware();
  hardware.adapters = [
    gpu(),
    gpu({ key: 'b', memoryGb: 80 }),
    gpu({ key: 'c', memoryGb: 999, verdict: { accepted: false, code: 'virtual_adapter', detail: null } }),
  ];
  const { watch } = await watching(hardware);
  expect(watch.largestGpuGb()).toBe(80);
});

test('a watch that is stopped reads no more', async () => {
  const hardware = new FakeHardware();
  const { watch, clock } = await watching(hardware);
  watch.stop();
  clock.advance(60_000);
  expect([hardware.loads, clock.pending]).toEqual([1, 0]);
});
