// The files of a package beside the app: the command line, as one executable.
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder that contains `resources`; on macOS that folder itself, where a signature permits other files. */
export const packageFolder = (resourcesDir: string, platform: NodeJS.Platform = process.platform): string =>
  platform === 'darwin' ? resourcesDir : path.join(resourcesDir, '..');

/** Null: the package has none. */
export function packagedCliProgram(resourcesDir: string, platform: NodeJS.Platform = process.platform): string | null {
  const file = path.join(packageFolder(resourcesDir, platform), 'cli', platform === 'win32' ? 'muster.exe' : 'muster');
  return existsSync(file) ? file : null;
}
