// A pool that a version before members made: it keeps its nodes and jobs, and says once that its nodes must join again.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { projectRoot } from '../../scripts/paths.mjs';
import { until } from '../support/until';
import { useLab } from '../support/use-lab';

const NODE = 'node-1751A019';
const JOB = 'job-103300d3-a58d-461b-8cdd-4f79a810c9fb';
const INVITATION = /muster join "muster:\/\/\S+\/join#pin=sha256-\S+&key=mi_/;

const lab = useLab();

/** The files of that version. The job ended a minute ago, so that it is not pruned. */
function oldDataDir(): string {
  const folder = lab().dataDir('old', '[server]\nport = 0\n');
  for (const name of ['scheduler', 'scheduler-jobs']) {
    const sql = readFileSync(path.join(projectRoot, 'tests', 'fixtures', 'old-pool', `${name}.sql`), 'utf8');
    const database = new DatabaseSync(path.join(folder, `${name}.db`));
    database.exec(sql.replaceAll(/17959\d{8}/g, String(Date.now() - 60_000)));
    database.close();
  }
  for (const name of ['join-token', 'submit-token'])
    writeFileSync(path.join(folder, name), 'a-token-that-is-long-enough\n', { mode: 0o600 });
  return folder;
}

test('pool --host: nodes and jobs stay, said once with an invitation, also after a start on loopback', async () => {
  const folder = oldDataDir();
  const start = (...args: string[]) => lab().start(['pool', '--data-dir', folder, '--simulate-gpu', 'RTX 4090:24', ...args]);
  const here = start();
  await here.url();
  await here.end();
  expect([here.output.includes('nodes_must_join_again'), existsSync(path.join(folder, 'join-token'))]).toEqual([false, true]);

  const shared = start('--host', '0.0.0.0');
  await shared.line('nodes_must_join_again');
  await until('the invitation', () => INVITATION.test(shared.output));
  const onHost = ['--url', await shared.url(), '--data-dir', folder, '--json'];
  const nodes = (JSON.parse((await lab().run(['nodes', ...onHost])).stdout) as { nodes: { node_id: string; name: string }[] }).nodes;
  expect(nodes.find(({ node_id: id }) => id === NODE)).toMatchObject({ name: 'old-tower', status: 'offline' });
  const job = JSON.parse((await lab().run(['jobs', JOB, ...onHost])).stdout) as object;
  expect(job).toMatchObject({ job_id: JOB, status: 'succeeded', node_id: NODE, result: { output: { text: 'HELLO' } } });
  expect([existsSync(path.join(folder, 'join-token')), existsSync(path.join(folder, 'submit-token'))]).toEqual([false, false]);
  await shared.end();

  const again = start('--host', '0.0.0.0');
  await again.url();
  await again.end();
  expect(again.output).not.toMatch(/nodes_must_join_again|mi_/);
});
