// Random output of drivers, kernels and libraries: no parser throws, and the wire messages are valid.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseControllers } from '../../../src/main/hardware/parse/controllers';
import { gpuLoadsOf } from '../../../src/main/hardware/decide/load';
import { parseMachineIdentity, machineLoadOf } from '../../../src/main/hardware/parse/machine-facts';
import { ALL_FIELDS, parseNvidiaCsv } from '../../../src/main/hardware/parse/nvidia-csv';
import { interpretNvidia, parseKernelGpu, parseMigInstances } from '../../../src/main/hardware/decide/nvidia-fault';
import { parseDrmFdinfo } from '../../../src/main/hardware/parse/drm-fdinfo';
import { parseCpuTicks, parseListeners, parsePids, parseProcessStat } from '../../../src/main/hardware/parse/linux-processes';
import { parseMacProcesses } from '../../../src/main/hardware/parse/mac-processes';
import { parseComputeApps, parsePmon } from '../../../src/main/hardware/parse/nvidia-processes';
import { parseProcesses } from '../../../src/main/hardware/parse/processes';
import { parseSimulatedGpus } from '../../../src/main/hardware/decide/simulated';
import { HWMON_FILES, parseSysfsDevice, SYSFS_FILES } from '../../../src/main/hardware/parse/sysfs-adapters';
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
  .map((files) => parseSysfsDevice({ address: '0000:03:00.0', driver: 'amdgpu', files }));

describe('random input', () => {
  it('nvidia-smi output -> rows and problems within their limits', () => {
    fc.assert(
      fc.property(output, (text) => {
        const { rows, problems } = parseNvidiaCsv(text, ALL_FIELDS);
        expect(rows.length).toBeLessThanOrEqual(64);
        expect(problems.length).toBeLessThanOrEqual(16);
      }),
    );
  });

  it('cut nvidia-smi output -> no exception', () => {
    const real = fixtureText('nvidia/two-gpus-one-lost.txt');
    fc.assert(
      fc.property(fc.nat(real.length), fc.nat(real.length), fc.integer(), (from, to, code) => {
        interpretNvidia({ kind: 'exited', code, stdout: real.slice(0, from), stderr: real.slice(to) }, ALL_FIELDS, []);
      }),
    );
  });

  it('all sources -> valid protocol fields', () => {
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
            controllers: parseControllers({ controllers: [graphics] }),
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
          const gpus = gpuLoadsOf(adapters, loadSample({ nvidia, pci: displays }), 64);
          const wire = toWireLoad(report, {
            cpuPercent: 1,
            ownerCpuPercent: null,
            ownerGpuPercent: null,
            memPercent: 1,
            diskFreeGb: null,
            shares: [],
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

  it('library values and flags -> no exception', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.string(), fc.double(), (one, other, text, number) => {
        parseControllers(one);
        parseControllers({ controllers: [one, other] });
        parseMachineIdentity(one, other);
        parseProcesses(one);
        parseProcesses({ list: [one, other] });
        machineLoadOf(
          one,
          { totalBytes: number, availableBytes: number, constrainedBytes: number, constrainedAvailableBytes: number },
          number,
        );
        parseMigInstances(text);
        parseSimulatedGpus(text);
      }),
    );
  });

  it('processes and their figures -> no exception, values in range', () => {
    const text = fc.oneof(output, fc.string(), fc.constantFrom('# gpu pid type sm\n 0 7 C 5', 'drm-pdev: 0000:03:00.0\ndrm-client-id: 1'));
    fc.assert(
      fc.property(text, fc.string(), fc.nat(65_535), (read, tail, port) => {
        const whole = `${read}${tail}`;
        for (const { sm } of parsePmon(whole) ?? []) expect(sm === null || (sm >= 0 && sm <= 100)).toBe(true);
        parseComputeApps(whole);
        parseDrmFdinfo(whole);
        parseMacProcesses(whole);
        parseListeners(whole, port);
        parsePids(whole);
        const [ticks, stat] = [parseCpuTicks(`cpu  ${whole}`), parseProcessStat(`7 (${whole}`)];
        expect(ticks === null || ticks.total >= ticks.busy).toBe(true);
        expect(stat === null || stat.ownTicks >= 0).toBe(true);
      }),
    );
  });
});
