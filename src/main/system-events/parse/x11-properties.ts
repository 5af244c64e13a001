// Properties of X11 windows as `xprop` prints them, one a line. Programs choose their properties, so a value may be anything.

/** The window in front, as its id for `xprop -id`. `none`: there is none. Null: another line. */
export function parseActiveWindow(line: string): string | null {
  if (!line.startsWith('_NET_ACTIVE_WINDOW')) return null;
  const id = /window id # (0x[0-9a-f]{1,8})\b/.exec(line)?.[1] ?? '0x0';
  return Number(id) === 0 ? 'none' : id;
}

export interface WindowFacts {
  readonly isFullScreen: boolean;
  readonly pid: number | null;
  readonly name: string | null;
}

export const NO_WINDOW: WindowFacts = { isFullScreen: false, pid: null, name: null };
const MAX_NAME_LENGTH = 128;

/** The same facts for a line that is not about them. */
export function withWindowLine(window: WindowFacts, line: string): WindowFacts {
  const [, property, value = ''] = /^(_NET_WM_STATE|_NET_WM_PID|WM_CLASS)\b[^=:]*[=:]\s*(.*)$/.exec(line) ?? [];
  switch (property) {
    case '_NET_WM_STATE':
      return { ...window, isFullScreen: value.split(/,\s*/).includes('_NET_WM_STATE_FULLSCREEN') };
    case '_NET_WM_PID':
      return { ...window, pid: /^\d{1,9}$/.test(value) ? Number(value) : null };
    case 'WM_CLASS':
      // "instance", "Class": the class is the name of the program.
      return { ...window, name: /"([^"]+)"$/.exec(value)?.[1]?.slice(0, MAX_NAME_LENGTH) ?? null };
    case undefined:
    default:
      return window;
  }
}
