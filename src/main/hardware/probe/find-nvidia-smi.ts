// Finds nvidia-smi. Only absolute paths count, so that no working directory can supply another program.
import { access, constants, readdir, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

const UNIX_FOLDERS = ['/usr/bin', '/usr/local/bin', '/usr/lib/wsl/lib', '/run/current-system/sw/bin', '/opt/bin'];

/** Searches PATH, then the usual folders, because services and desktop sessions have a short PATH. Null: not installed. */
export async function findNvidiaSmi(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): Promise<string | null> {
  if (platform === 'darwin') return null;
  const windows = platform === 'win32';
  const program = windows ? 'nvidia-smi.exe' : 'nvidia-smi';
  const system32 = join(env['SystemRoot'] ?? 'C:\\Windows', 'System32');
  const known = windows ? [system32, join(env['ProgramFiles'] ?? 'C:\\Program Files', 'NVIDIA Corporation', 'NVSMI')] : UNIX_FOLDERS;
  const path = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  for (const folder of [...path, ...known]) {
    if (await isProgram(join(folder, program))) return join(folder, program);
  }
  return windows ? newestInDriverStore(join(system32, 'DriverStore', 'FileRepository'), program) : null;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Every installed driver package contains nvidia-smi. The newest one belongs to the running driver. */
async function newestInDriverStore(store: string, program: string): Promise<string | null> {
  let newest: { readonly path: string; readonly changedAtWallMs: number } | null = null;
  const packages = await readdir(store).catch(() => []);
  for (const name of packages.filter((folder) => /^nv/i.test(folder))) {
    const path = join(store, name, program);
    const changedAtWallMs = await stat(path).then(
      (found) => found.ctimeMs,
      () => null,
    );
    if (changedAtWallMs !== null && (newest === null || changedAtWallMs > newest.changedAtWallMs)) newest = { path, changedAtWallMs };
  }
  return newest?.path ?? null;
}
