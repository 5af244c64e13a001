// The steps of the VRAM limit: round sizes, and above the last one no limit.

export interface LimitSteps {
  readonly step: number;
  /** No limit. */
  readonly max: number;
}

/** For a card with this memory, GB. */
export function limitSteps(totalGb: number): LimitSteps {
  const step = totalGb > 64 ? 4 : totalGb > 16 ? 2 : 1;
  return { step, max: Math.ceil(totalGb / step) * step };
}

/** The number of the stepper for a limit. A limit above the card limits nothing. */
export const stepOf = (limitGb: number | null, { max }: LimitSteps): number => (limitGb === null ? max : Math.min(limitGb, max));

/** The limit of a number of the stepper: a limit that was written by hand moves to the next round one. Null: no limit. */
export function limitOf(value: number, { step, max }: LimitSteps): number | null {
  const round = Math.max(step, Math.round(value / step) * step);
  return round >= max ? null : round;
}
