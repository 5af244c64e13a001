// The functions that owner-load.bench.ts measures, as one entry. The entry is bundled first, as the probe process of the product is.
import si from 'systeminformation';

export { measureMachine } from '../src/main/hardware/probe/machine';
export { PoolSampler } from '../src/main/hardware/probe/pool-sampler';
export { readProcess } from '../src/main/hardware/probe/process-trees';

/** The list of all processes, as the library of the probe process reads it. */
export const listAllProcesses = (): Promise<unknown> => si.processes();
