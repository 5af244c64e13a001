// The log of a headless program for its dashboard: its last lines, which are in memory because its log goes to stdout.
import { Diagnostics } from '../diagnostics/diagnostics';
import { LogReader } from '../diagnostics/log-reader';
import { RecentLinesSource } from '../diagnostics/recent-lines-source';
import { systemClock } from '../platform/clock';
import type { RecentLines } from '../platform/recent-lines';
import { version as VERSION } from '../../../package.json';

export interface HeadlessLogs {
  readonly logs: LogReader;
  readonly diagnostics: Diagnostics;
}

export function headlessLogs(recent: RecentLines, hasAgent: boolean, ownerKey: () => string): HeadlessLogs {
  const startedWallMs = systemClock.wallMs();
  const sources = [new RecentLinesSource(hasAgent ? 'pool' : 'scheduler', recent, startedWallMs)];
  const secrets = (): Promise<readonly string[]> => Promise.resolve([ownerKey()]);
  return { logs: new LogReader(sources), diagnostics: new Diagnostics({ version: VERSION, sources, clock: systemClock, secrets }) };
}
