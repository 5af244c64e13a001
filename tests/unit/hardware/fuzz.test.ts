// Whatever a driver, a kernel or a library says: no mapping throws, and what reaches the wire is valid.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapControllers } from '../../../src/main/hardware/parse/controllers';
import { mapGpuLoads } from '../../../src/main/hardware/decide/load';
import { mapMachineIdentity, mapMachineLoad } from '../../../src/main/hardware/parse/machine-facts';
import { ALL_FIELDS, parseNvidiaCsv } from '../../../src/main/hardware/parse/nvidia-csv';
import { interpretNvidia, parseKernelGpu, parseMigInstances } from '../../../src/main/hardware/decide/nvidia-fault';
import { mapProcesses } from '../../../src/main/hardware/parse/processes';
import { parseSimulatedGpus } from '../../../src/main/hardware/decide/simulated';
import { HWMON_FILES, mapSysfsDevice, SYSFS_FILES } from '../../../src/main/hardware/parse/sysfs-adapters';
import { toWireHardware, toWireLoad } from '../../../src/main/hardware/decide/wire-hardware';
import { hardwareSchema, heartbeatGpuSchema, resourceUsageSchema } from '../../../src/shared/protocol/node-messages';
import { adaptersOf, fixtureText, loadSample } from './fixtures';

const token = fc.oneof(
  fc.constantFrom(
    '[N/A]',
    '[Not Supported]',
    '[Unknown Error]',
    '0',
    '00000000:01:00.0',
    'GPU-1',
    'NVIDIA GB10',
    'Enabled',
    'GPU is lost',
    '',
  ),
  fc.integer().map(String),
  fc.double().map(String),
  fc.string(),
);
const line = fc.oneof(
  fc.array(token, { minLength: 12, maxLength: 12 }).map((cells) => cells.join(', ')),
  fc.array(token).map((cells) => cells.join(', ')),
  fc.string(),
);
const output = fc.array(line, { maxLength: 80 }).map((lines) => lines.join('\n'));
const kernelGpus = fc.array(
  fc.tuple(fc.constantFrom('0000:01:00.0', '0000:02:00.0', 'x'), fc.string()).map(([name, text]) => parseKernelGpu(name, text)),
);

const device = fc
  .record({ class: fc.constant('0x030000'), vendor: fc.constantFrom('0x1002', '0x10de', '0x8086', '0x1af4', 'x') })
  .chain((known) =>
    fc
      .dictionary(fc.constantFrom(...SYSFS_FILES, ...HWMON_FILES), fc.oneof(fc.string(), fc.nat().map(String), fc.bigInt().map(String)))
      .map((files) => ({ ...files, ...known })),
  )
  .map((files) => mapSysfsDevice({ address: '0000:03:00.0', driver: 'amdgpu', files }));

describe('anything at all', () => {
  it('is read as rows or named problems, never more than the bounds', () => {
    fc.assert(
      fc.property(output, (text) => {
        const { rows, problems } = parseNvidiaCsv(text, ALL_FIELDS);
        expect(rows.length).toBeLessThanOrEqual(64);
        expect(problems.length).toBeLessThanOrEqual(16);
      }),
    );
  });

  it('cut out of a real answer is still read', () => {
    const real = fixtureText('nvidia/two-gpus-one-lost.txt');
    fc.assert(
      fc.property(fc.nat(real.length), fc.nat(real.length), fc.integer(), (from, to, code) => {
        interpretNvidia({ kind: 'exited', code, stdout: real.slice(0, from), stderr: real.slice(to) }, ALL_FIELDS, []);
      }),
    );
  });

  it('becomes valid protocol fields', () => {
    fc.assert(
      fc.property(
        output,
        fc.string(),
        fc.option(fc.integer()),
        kernelGpus,
        fc.array(device),
        fc.anything(),
        (stdout, stderr, code, kernel, pci, graphics) => {
          const nvidia = interpretNvidia(
            { kind: 'exited', code, stdout, stderr },
            ALL_FIELDS,
            kernel.filter((gpu) => gpu !== null),
          );
          const displays = pci.filter((display) => display !== null);
          const adapters = adaptersOf({
            nvidia,
            pci: displays,
            controllers: mapControllers({ controllers: [graphics] }),
            onLinux: displays.length > 0,
          });
          const report = {
            adapters,
            faults: [],
            trace: [],
            cpuCores: 1,
            cpuModel: null,
            memoryGb: 1,
            platform: 'linux',
            osName: null,
          } as const;
          hardwareSchema.parse(toWireHardware(report));
          const gpus = mapGpuLoads(adapters, loadSample({ nvidia, pci: displays }), 64);
          const wire = toWireLoad(report, {
            cpuPercent: 1,
            memPercent: 1,
            diskFreeGb: null,
            gpus,
            faults: [],
            unknownGpuSeen: false,
            takenMs: 1,
            ageMs: 0,
          });
          resourceUsageSchema.parse({ ...wire.resource_usage, running_jobs: 0 });
          heartbeatGpuSchema.array().parse(wire.gpus);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('from the library or the command line throws nothing', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.string(), fc.double(), (one, other, text, number) => {
        mapControllers(one);
        mapControllers({ controllers: [one, other] });
        mapMachineIdentity(one, other);
        mapProcesses(one);
        mapProcesses({ list: [one, other] });
        mapMachineLoad(
          one,
          { totalBytes: number, availableBytes: number, constrainedBytes: number, constrainedAvailableBytes: number },
          number,
        );
        parseMigInstances(text);
        parseSimulatedGpus(text);
      }),
    );
  });
});
