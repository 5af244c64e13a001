// Finds the program of a command: below the model's folder, at an absolute path, or in PATH. It must be executable.
import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { isInside } from '../model-folders/file-stat';
import { isBelowFolder } from '../core/command/command-spec';

/** An absolute path. Null: there is no such program, or a link leads out of the folder. */
export async function findProgram(program: string, realFolder: string, env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  if (isBelowFolder(program)) {
    const found = await executable(path.join(realFolder, program));
    return found !== null && isInside(realFolder, await realpath(found)) ? found : null;
  }
  if (path.isAbsolute(program)) return executable(program);
  const suffixes = process.platform === 'win32' ? ['', ...(env['PATHEXT'] ?? '.EXE').split(';')] : [''];
  for (const folder of (env['PATH'] ?? '').split(path.delimiter).filter((entry) => path.isAbsolute(entry))) {
    for (const suffix of suffixes) {
      const found = await executable(path.join(folder, program + suffix));
      if (found !== null) return found;
    }
  }
  return null;
}

async function executable(file: string): Promise<string | null> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile() ? file : null;
  } catch {
    return null;
  }
}
