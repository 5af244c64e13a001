// Writes the generated part of docs/api, the index in docs/api.md, docs/clients.md and its Chinese page. tests/architecture/*-pages.test.ts
// make them and compare them.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from './paths.mjs';

const vitest = join(projectRoot, 'node_modules/vitest/vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--project', 'architecture', 'tests/architecture/api-pages.test.ts', 'tests/architecture/client-pages.test.ts'],
  {
    cwd: projectRoot,
    env: { ...process.env, MUSTER_WRITE_API_PAGES: '1' },
    stdio: 'inherit',
  },
);
process.exit(status ?? 1);
