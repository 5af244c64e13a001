// Builds the probe process for tests that run the real one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

export interface BuiltProbe {
  readonly scriptPath: string;
  remove(): void;
}

export async function buildProbe(): Promise<BuiltProbe> {
  const root = join(import.meta.dirname, '../..');
  const outDir = mkdtempSync(join(tmpdir(), 'muster-probe-built-'));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: join(root, 'src/main/hardware/probe/probe-child.ts'),
      outDir,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: 'hardware-probe.mjs' } },
    },
  });
  return {
    scriptPath: join(outDir, 'hardware-probe.mjs'),
    remove: () => {
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}
