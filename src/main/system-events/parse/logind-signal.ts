// The signals of systemd-logind about sleep and shutdown, as `gdbus monitor` prints them.
import type { SleepEvent } from './sleep-event';

const SIGNAL = /^\/org\/freedesktop\/login1: org\.freedesktop\.login1\.Manager\.PrepareFor(Sleep|Shutdown) (.*)$/;

/** Null: another signal. `invalid`: such a signal with another content. */
export function parseLogindSignal(line: string): SleepEvent | 'invalid' | null {
  const [, name, args] = SIGNAL.exec(line) ?? [];
  if (name === undefined) return null;
  if (args === '(true,)') return name === 'Sleep' ? 'sleep' : 'shutdown';
  // A cancelled shutdown: the computer goes on.
  return args === '(false,)' ? 'wake' : 'invalid';
}
