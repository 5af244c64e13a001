// The hardware prober of a command: real hardware, or the GPUs that the configuration simulates.
import { assertNever } from '../../shared/assert-never';
import { ok, type Result } from '../../shared/result';
import { nodeProbeChild } from '../hardware/probe/probe-child-process';
import { HardwareProber } from '../hardware/probe/prober';
import { parseSimulatedGpus, type SimulateGpuError } from '../hardware/decide/simulated';
import { systemClock } from '../platform/clock';
import type { ConfigError } from '../platform/config/config-error';
import type { Logger } from '../platform/logger';
import type { CliIo } from './command';
import { invalidSetting, type Settings } from './settings';

/** The caller closes the prober. Fails when `agent.simulate_gpu` is invalid. */
export function openProber(settings: Settings, io: CliIo, logger: Logger): Result<HardwareProber, ConfigError> {
  const text = settings.config.agent.simulateGpu;
  const simulated = text === null ? ok([]) : parseSimulatedGpus(text);
  if (!simulated.ok) return invalidSetting(settings, 'agent.simulate_gpu', simulateText(simulated.error));
  const spawnChild = nodeProbeChild(io.probeProgram);
  return ok(new HardwareProber({ spawnChild, clock: systemClock, logger, simulated: simulated.value }));
}

function simulateText({ problem, item }: SimulateGpuError): string {
  const expected = 'expected "NAME:GB", such as "RTX 4090:24"';
  switch (problem) {
    case 'empty':
      return `${expected}, but an entry is empty`;
    case 'no_memory':
    case 'bad_memory':
      return `${expected}, but "${item}" has no memory size in GB`;
    case 'bad_name':
      return `${expected}, but "${item}" has no valid name`;
    case 'too_many':
      return 'too many GPUs to simulate';
    default:
      return assertNever(problem);
  }
}
