// The modes of `agent.share` with their limits of the owner's load in percent. Null: no limit. docs/dispatch.md has their meaning.
export const SHARE_MODES = ['idle', 'polite', 'always'] as const;
export type ShareMode = (typeof SHARE_MODES)[number];

export interface ModeLimits {
  readonly cpu_percent: number | null;
  readonly gpu_percent: number | null;
  readonly mem_percent: number | null;
}

export const LIMITS_OF_MODE: Readonly<Record<ShareMode, ModeLimits>> = {
  idle: { cpu_percent: 25, gpu_percent: 25, mem_percent: 90 },
  polite: { cpu_percent: 60, gpu_percent: 25, mem_percent: 90 },
  always: { cpu_percent: null, gpu_percent: null, mem_percent: null },
};

const LIMITS = ['cpu_percent', 'gpu_percent', 'mem_percent'] as const satisfies readonly (keyof ModeLimits)[];

/** The mode with these limits. Null: none has them. */
export const modeWith = (limits: ModeLimits): ShareMode | null =>
  SHARE_MODES.find((mode) => LIMITS.every((limit) => limits[limit] === LIMITS_OF_MODE[mode][limit])) ?? null;
