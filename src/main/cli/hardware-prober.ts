// The prober of this machine for a command: real hardware, or the GPUs that the owner asked to pretend.
import path from 'node:path';
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

/** To be closed by its user. Fails when the GPUs to simulate cannot be understood. */
export function openProber(settings: Settings, io: CliIo, logger: Logger): Result<HardwareProber, ConfigError> {
  const text = settings.config.agent.simulateGpu;
  const simulated = text === null ? ok([]) : parseSimulatedGpus(text);
  if (!simulated.ok) return invalidSetting(settings, 'agent.simulate_gpu', simulateText(simulated.error));
  const spawnChild = nodeProbeChild(path.join(io.programDir, 'hardware-probe.js'));
  return ok(new HardwareProber({ spawnChild, clock: systemClock, logger, simulated: simulated.value }));
}

function simulateText({ problem, item }: SimulateGpuError): string {
  const like = 'expected "NAME:GB", such as "RTX 4090:24"';
  switch (problem) {
    case 'empty':
      return `${like}, and nothing stands between two commas`;
    case 'no_memory':
    case 'bad_memory':
      return `${like}, but "${item}" says no memory in GB`;
    case 'bad_name':
      return `${like}, but "${item}" has no usable name`;
    case 'too_many':
      return 'too many GPUs to simulate';
    default:
      return assertNever(problem);
  }
}
