// Bundles install-update-entry.ts to one file.
import path from 'node:path';
import { build } from 'vite';
import { projectRoot } from '../../scripts/paths.mjs';

/** Resolves to the path of the script. */
export async function buildInstallUpdateProgram(folder: string): Promise<string> {
  await build({
    root: projectRoot,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: path.join(projectRoot, 'tests', 'support', 'install-update-entry.ts'),
      outDir: folder,
      emptyOutDir: false,
      target: 'node24',
      rolldownOptions: { output: { format: 'cjs', entryFileNames: 'install-update.cjs', codeSplitting: false } },
    },
  });
  return path.join(folder, 'install-update.cjs');
}
