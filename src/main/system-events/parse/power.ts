// Whether the computer runs on battery: the property of UPower, and the power supplies of Linux.
import { z } from 'zod';
import { parseJson } from '../../../shared/json';

const propertySchema = z.object({ type: z.literal('b'), data: z.boolean() });

/** The output of `busctl --json=short get-property`. Null: not a boolean. */
export function parseOnBattery(output: string): boolean | null {
  const parsed = propertySchema.safeParse(parseJson(output));
  return parsed.success ? parsed.data.data : null;
}

/** Whether a line of `gdbus monitor` says that the property may have changed, or that the service started. */
export const isPowerChange = (line: string): boolean => line.includes("'OnBattery'") || line.includes('is owned by');

/** The files of one folder of `/sys/class/power_supply`. Null: the file is absent. */
export interface PowerSupply {
  readonly type: string | null;
  readonly online: string | null;
  readonly status: string | null;
  /** `Device`: of a mouse or a keyboard, not of the computer. */
  readonly scope: string | null;
}

/** A computer without a battery runs on mains power. */
export function isOnBattery(supplies: readonly PowerSupply[]): boolean {
  const own = supplies.filter(({ scope }) => scope !== 'Device');
  const mains = own.filter(({ type }) => type === 'Mains' || type === 'USB');
  const batteries = own.filter(({ type }) => type === 'Battery');
  if (batteries.length === 0 || mains.some(({ online }) => online === '1')) return false;
  return mains.length > 0 || batteries.some(({ status }) => status === 'Discharging');
}
