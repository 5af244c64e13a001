// Collects the files of the diagnostics: facts and the newest lines of the logs, without their private parts (ADR 0037).
import { hostname, userInfo } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { DiagnosticsFile } from '../../shared/api/logs';
import type { DiagnosticsFact } from '../contracts/ports';
import { type Private, textCleaner } from './core/anonymise';
import { factFile, readme, README_FILE, textFile, withinSize } from './core/collected';
import { logExcerpt } from './log-excerpt';
import type { LogSource } from './log-source';

export interface CollectOptions {
  readonly version: string;
  readonly sources: readonly LogSource[];
  /** Secrets of this program, such as the owner key, by which they are found in any text. */
  readonly secrets: () => Promise<readonly string[]>;
}

export async function collectDiagnostics(
  { version, sources, secrets }: CollectOptions,
  facts: readonly DiagnosticsFact[],
  madeWallMs: number,
): Promise<readonly DiagnosticsFile[]> {
  const clean = textCleaner({ ...ownPrivate(), secrets: await secrets() });
  const files: DiagnosticsFile[] = [textFile(README_FILE, readme(version, new Date(madeWallMs).toISOString()))];
  for (const fact of facts) {
    files.push(factFile(fact, clean));
    await setImmediate();
  }
  for (const source of sources) {
    const file = await logExcerpt(source, clean);
    if (file.bytes > 0) files.push(file);
  }
  return withinSize(files);
}

function ownPrivate(): Omit<Private, 'secrets'> {
  try {
    const { username, homedir } = userInfo();
    return { userName: username, homeDir: homedir, hostName: hostname() };
  } catch {
    // A container may run as a user without a name.
    return { userName: '', homeDir: '', hostName: hostname() };
  }
}
