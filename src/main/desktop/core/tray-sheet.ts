// Where each picture is in the sheet of the tray (`scripts/tray-icons.mjs` draws it): a column for each shape, a row for each size. Pure.
import { AVAILABILITY_STATES } from '../../../shared/protocol/status';
import type { OwnShape } from './own-state';

export const TRAY_SHAPES = ['none', ...AVAILABILITY_STATES, 'refused'] as const satisfies readonly OwnShape[];
export const TRAY_SIZES_PX = [16, 24, 32, 48] as const;

/** The part of the sheet, in pixels. */
export function trayImageOf(shape: OwnShape, sizePx: (typeof TRAY_SIZES_PX)[number]) {
  const above = TRAY_SIZES_PX.slice(0, TRAY_SIZES_PX.indexOf(sizePx));
  return { x: TRAY_SHAPES.indexOf(shape) * sizePx, y: above.reduce<number>((sum, size) => sum + size, 0), width: sizePx, height: sizePx };
}
