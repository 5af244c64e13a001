// The logs of the desktop app and of the scheduler that it hosts, in files, for the page and the diagnostics.
import type { SaveFile } from '../contracts/saved-file';
import { Diagnostics } from '../diagnostics/diagnostics';
import { appLogSources } from '../diagnostics/log-files-source';
import { LogReader } from '../diagnostics/log-reader';
import { systemClock } from '../platform/clock';
import type { MusterPaths } from '../platform/paths';
import { version as VERSION } from '../../../package.json';

export interface DesktopLogs {
  readonly logs: LogReader;
  readonly diagnostics: Diagnostics;
}

export interface DesktopLogsOptions {
  readonly paths: MusterPaths;
  readonly saveFile: SaveFile;
  readonly readOwnerKey: () => Promise<string | null>;
}

export function desktopLogs({ paths, saveFile, readOwnerKey }: DesktopLogsOptions): DesktopLogs {
  const sources = appLogSources(paths.logsDir);
  const secrets = async (): Promise<readonly string[]> => [await readOwnerKey()].filter((key) => key !== null);
  return {
    logs: new LogReader(sources),
    diagnostics: new Diagnostics({ version: VERSION, sources, clock: systemClock, secrets, saveFile }),
  };
}
