// Settings of a running scheduler, changed in the configuration file, with real processes: the next dispatch uses them, and neither a node
// nor a job notices (ADR 0029).
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { JobView } from '../../src/shared/api/job';
import { SHOUT, WAIT_FOR_GO, writeCommandModel } from '../support/job-bench';
import { jobOf, submitted } from '../support/job-pool';
import { type MusterLab, QUICK_AGENT } from '../support/muster-process';
import { until } from '../support/until';
import { useLab } from '../support/use-lab';

const CONFIG = `# mine
[server]
port = 0
[scheduler.load_balancer]
resource_threshold = 100
[scheduler.node_health]
heartbeat_interval_seconds = 0.5
`;
const GPU = ['--simulate-gpu', 'Test:24'];
const LIMIT = 'scheduler.load_balancer.gpu_threshold';

const lab = useLab();

/** The folder of the models is that of the node. */
const PROGRAMS: readonly (readonly [name: string, start: (lab: MusterLab, folder: string) => Promise<ReturnType<MusterLab['start']>>])[] = [
  ['muster pool', (at, folder) => Promise.resolve(at.start(['pool', '--data-dir', folder, ...GPU], QUICK_AGENT))],
  [
    'scheduler that the app hosts',
    async (at, folder) => {
      const scheduler = at.start(['scheduler', '--data-dir', folder], { MUSTER_SUPERVISED: '1' });
      const node = at.dataDir('node', `[agent]\nmodel_folders = [${JSON.stringify(path.join(folder, 'models'))}]\n`);
      at.start(['agent', '--data-dir', node, '--scheduler', await scheduler.url(), ...GPU], QUICK_AGENT);
      return scheduler;
    },
  ],
];

test.each(PROGRAMS)(
  '%s: limit changes -> the next dispatch uses it, node and running job stay; invalid -> nothing',
  async (_name, start) => {
    const folder = lab().dataDir('here', CONFIG);
    const file = path.join(folder, 'config.toml');
    const slow = writeCommandModel(path.join(folder, 'models'), 'slow', { argv: WAIT_FOR_GO });
    writeCommandModel(path.join(folder, 'models'), 'shout', { argv: SHOUT });
    const scheduler = await start(lab(), folder);
    const port = Number(new URL(await scheduler.url()).port);
    await scheduler.line('node_status_changed', { to: 'ready' });
    const submit = (model_id: string) => submitted(port, { task: { kind: 'command', model_id, input: 'hello' } });
    const jobIs = (id: string, status: JobView['status']) =>
      until(`${id} to be ${status}`, async () => ((await jobOf(port, id)).status === status ? jobOf(port, id) : null));
    const running = await submit('slow');
    await jobIs(running, 'running');

    const set = await lab().run(['config', 'set', LIMIT, '0', '--data-dir', folder]);
    expect([set.code, set.stdout + set.stderr]).toEqual([
      0,
      expect.stringContaining('a running scheduler applies the change within two seconds'),
    ]);
    await scheduler.line('settings_changed');
    const waiting = await submit('shout');
    expect(await jobIs(waiting, 'queued')).toMatchObject({ waiting: { reasons: { resource_threshold_exceeded: { count: 1 } } } });

    const valid = readFileSync(file, 'utf8');
    writeFileSync(file, valid.replace('gpu_threshold = 0', 'gpu_threshold = 200'));
    await scheduler.line('settings_file_invalid', { key: LIMIT });
    expect(await jobOf(port, waiting)).toMatchObject({ status: 'queued', attempts: [] });

    writeFileSync(file, valid.replace('gpu_threshold = 0', 'gpu_threshold = 100'));
    await jobIs(waiting, 'succeeded');
    writeFileSync(path.join(slow, 'go'), '');
    expect(await jobIs(running, 'succeeded')).toMatchObject({ attempts: [{ attempt: 1, outcome: 'succeeded' }] });
    const statuses = scheduler.lines.filter(({ event }) => event === 'node_status_changed').map((line) => line['to']);
    expect(statuses).toEqual(['registering', 'ready']);
  },
);
