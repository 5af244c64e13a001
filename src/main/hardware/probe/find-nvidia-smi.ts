// Where nvidia-smi is: an absolute path, so that no working directory can plant one.
import { access, constants, readdir, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

const UNIX_FOLDERS = ['/usr/bin', '/usr/local/bin', '/usr/lib/wsl/lib', '/run/current-system/sw/bin', '/opt/bin'];

/** PATH first; then where drivers put it when PATH is short (services, desktop sessions). Null: not installed. */
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

/** Every installed driver package has one; the newest belongs to the running driver. */
async function newestInDriverStore(store: string, program: string): Promise<string | null> {
  let newest: { readonly path: string; readonly changedMs: number } | null = null;
  const packages = await readdir(store).catch(() => []);
  for (const name of packages.filter((folder) => /^nv/i.test(folder))) {
    const path = join(store, name, program);
    const changedMs = await stat(path).then(
      (found) => found.ctimeMs,
      () => null,
    );
    if (changedMs !== null && (newest === null || changedMs > newest.changedMs)) newest = { path, changedMs };
  }
  return newest?.path ?? null;
}
