// Writes the generated part of docs/api and the index in docs/api.md. tests/architecture/api-pages.test.ts makes them and compares them.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from './paths.mjs';

const vitest = join(projectRoot, 'node_modules/vitest/vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'architecture', 'tests/architecture/api-pages.test.ts'], {
  cwd: projectRoot,
  env: { ...process.env, MUSTER_WRITE_API_PAGES: '1' },
  stdio: 'inherit',
});
process.exit(status ?? 1);
