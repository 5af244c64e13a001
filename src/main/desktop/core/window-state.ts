// Size and position of the window: stored between runs, and fitted to the connected displays. Pure.
// Decoded by hand: zod would delay the window by a tenth of its start.

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowState extends Rectangle {
  readonly maximized: boolean;
}

const MAX_COORDINATE = 100_000;

export const MIN_SIZE = { width: 480, height: 400 } as const;
const DEFAULT_SIZE = { width: 1180, height: 800 } as const;
/** At least this many pixels of the window must be on a display, so that the user can reach its title bar. */
const MIN_VISIBLE = 100;

/** Null: not the state of a window. Throws when the text is not JSON. */
export function parseWindowState(text: string): WindowState | null {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return null;
  const { x, y, width, height, maximized } = value as Partial<Record<keyof WindowState, unknown>>;
  const bounds = [x, y, width, height].filter((one): one is number => Number.isInteger(one) && Math.abs(Number(one)) <= MAX_COORDINATE);
  const [left, top, across, down] = bounds;
  if (left === undefined || top === undefined || across === undefined || down === undefined || typeof maximized !== 'boolean') return null;
  return { x: left, y: top, width: across, height: down, maximized };
}

/** The stored bounds when a display still shows them, else the middle of the first display. `areas`: work areas, the primary one first. */
export function fitWindow(saved: WindowState | null, areas: readonly Rectangle[]): WindowState {
  const [primary = { x: 0, y: 0, ...DEFAULT_SIZE }] = areas;
  const home = saved === null ? undefined : areas.find((area) => isVisibleOn(saved, area));
  if (saved === null || home === undefined) return { ...centred(primary, saved ?? DEFAULT_SIZE), maximized: saved?.maximized ?? false };
  const { width, height } = sizeWithin(home, saved);
  return {
    x: clamp(saved.x, home.x, home.x + home.width - width),
    y: clamp(saved.y, home.y, home.y + home.height - height),
    width,
    height,
    maximized: saved.maximized,
  };
}

function isVisibleOn(window: Rectangle, area: Rectangle): boolean {
  const across = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  const titleBarInside = window.y >= area.y - MIN_VISIBLE && window.y < area.y + area.height - MIN_VISIBLE;
  return across >= MIN_VISIBLE && titleBarInside;
}

function centred(area: Rectangle, wanted: { readonly width: number; readonly height: number }): Rectangle {
  const { width, height } = sizeWithin(area, wanted);
  return { x: Math.round(area.x + (area.width - width) / 2), y: Math.round(area.y + (area.height - height) / 2), width, height };
}

/** On a display smaller than the minimum size, the window has the size of the display. */
const sizeWithin = (area: Rectangle, wanted: { readonly width: number; readonly height: number }) => ({
  width: Math.min(Math.max(wanted.width, MIN_SIZE.width), area.width),
  height: Math.min(Math.max(wanted.height, MIN_SIZE.height), area.height),
});

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(value, high));
