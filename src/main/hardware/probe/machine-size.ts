// The size of this machine. Apart from machine.ts: the main process loads this file, and no systeminformation.
import { availableParallelism, totalmem } from 'node:os';
import { usableMemoryBytes } from '../parse/machine-facts';
import { gbFromBytes } from '../parse/reading';

export interface MachineSize {
  readonly cpuCores: number;
  readonly memoryGb: number;
}

/** Never blocks, so the main process may call it. A container's limits count. */
export function sizeOfMachine(): MachineSize {
  return { cpuCores: availableParallelism(), memoryGb: gbFromBytes(usableMemoryBytes(totalmem(), process.constrainedMemory())) };
}
