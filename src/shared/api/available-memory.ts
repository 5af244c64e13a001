// The memory that a node must have available with the default limit of memory (docs/dispatch.md, Limits). Scheduler and agent judge alike.

export const MIN_AVAILABLE_MEMORY_GB = 2;

export const availableMemoryGb = (memoryGb: number, usedPercent: number): number => memoryGb * (1 - usedPercent / 100);
