// The logs of the desktop app and of the scheduler that it hosts, in files, for the page and the diagnostics.
import { APP_LOG_FILES, Diagnostics } from '../diagnostics/diagnostics';
import { LogFilesSource } from '../diagnostics/log-files-source';
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
  /** Asks for a place and writes the file. Resolves to its path; null: cancelled. */
  readonly saveFile: (name: string, bytes: Uint8Array) => Promise<string | null>;
  readonly readOwnerKey: () => Promise<string | null>;
}

export function desktopLogs({ paths, saveFile, readOwnerKey }: DesktopLogsOptions): DesktopLogs {
  const sources = APP_LOG_FILES.map(({ source, base }) => new LogFilesSource(source, paths.logsDir, base));
  const secrets = async (): Promise<readonly string[]> => [await readOwnerKey()].filter((key) => key !== null);
  return {
    logs: new LogReader(sources),
    diagnostics: new Diagnostics({ version: VERSION, sources, clock: systemClock, secrets, saveFile }),
  };
}
