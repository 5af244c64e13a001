// The command line of a package, as one executable.
import { existsSync } from 'node:fs';
import path from 'node:path';

/** Beside `resources`; on macOS inside, where a signature permits it. Null: the package has none. */
export function packagedCliProgram(resourcesDir: string, platform: NodeJS.Platform = process.platform): string | null {
  const folder = platform === 'darwin' ? path.join(resourcesDir, 'cli') : path.join(resourcesDir, '..', 'cli');
  const file = path.join(folder, platform === 'win32' ? 'muster.exe' : 'muster');
  return existsSync(file) ? file : null;
}
