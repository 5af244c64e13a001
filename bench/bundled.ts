// Bundles a module as the product is bundled, and imports the result, so that benchmarks measure the shipped code.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

/** A module with all that it imports, outside of the project. `entry` is a path from the project's root. */
export async function bundle(entry: string): Promise<{ readonly file: string; readonly remove: () => Promise<void> }> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: { ssr: entry, write: false, target: 'node22' },
  });
  const chunks = 'output' in built ? built.output.filter((output) => output.type === 'chunk') : [];
  const first = chunks.find(({ isEntry }) => isEntry);
  if (first === undefined) throw new Error(`${entry} was not bundled`);
  const folder = await mkdtemp(join(tmpdir(), 'muster-bench-'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  for (const { fileName, code } of chunks) {
    await mkdir(dirname(join(folder, fileName)), { recursive: true });
    await writeFile(join(folder, fileName), code);
  }
  return { file: join(folder, first.fileName), remove: () => rm(folder, { recursive: true }) };
}

/** `entry` is a path from the project's root. */
export async function importBundled(entry: string): Promise<unknown> {
  const { file, remove } = await bundle(entry);
  try {
    return await import(/* @vite-ignore */ pathToFileURL(file).href);
  } finally {
    await remove();
  }
}
