// Full disks, for the data of the scheduler, the results of a node, or the log. New jobs are refused, running jobs continue, only
// stored results are acknowledged, and no program needs a restart.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/paths.mjs';
import { FaultPool, type FaultPoolOptions } from '../support/faults/fault-pool';
import { type DiskKind, diskKinds, openSmallDisk, type SmallDisk } from '../support/faults/small-disk';
import { sendRequest } from '../support/http-api';
import { MusterLab } from '../support/muster-process';
import { until } from '../support/until';
import { within } from '../support/within';

const MEGABYTES = 4;
const LARGE = 200_000;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A pool of one node. The disk of the scheduler or of the node can be filled. */
async function poolOn(kind: DiskKind, side: 'schedulerDisk' | 'nodeDisk') {
  const disks: SmallDisk[] = [];
  const open: FaultPoolOptions['schedulerDisk'] = async (lab, folder) => {
    const opened = await openSmallDisk(kind, lab, folder, MEGABYTES);
    disks.push(opened);
    return opened;
  };
  const pool = await FaultPool.open({ nodes: 1, [side]: open });
  closing.push(() => pool.close());
  const [node] = pool.nodes;
  const [disk] = disks;
  if (node === undefined || disk === undefined) throw new Error('there is no node, or no disk');
  return { pool, node, disk };
}

describe('full disk', () => {
  const kinds = diskKinds();
  /** The first test runs with every kind of full disk that this machine can make, the others with the first kind only. */
  const [kind = 'file size limit'] = kinds;

  test.each(kinds)(
    'scheduler disk full -> new jobs refused with 507, running job goes on, its result held until there is space (%s)',
    async (kindHere) => {
      const { pool, node, disk } = await poolOn(kindHere, 'schedulerDisk');
      const jobId = await pool.submitted({ name: pool.newName(), behaviour: `wait 1500 big ${String(LARGE)}` });
      await pool.jobIs(jobId, 'running');
      disk.fill(pool.scheduler);
      const refused = await until('a submission to be refused', async () => {
        const answer = await pool.submit({ name: pool.newName(), behaviour: `say ${'.'.repeat(LARGE)}` });
        return answer.status === 202 ? null : answer;
      });
      expect(refused.status).toBe(507);
      expect(refused.json()).toMatchObject({
        error: { code: 'STORAGE_FULL', details: { reason: kindHere === 'file system' ? 'disk' : 'write_failed' } },
      });
      const before = pool.events.length;
      await pool.wire(node, 'job_result', jobId);
      await pool.scheduler.line('job_store_write_failed');
      expect(await pool.readJob(jobId)).toMatchObject({ status: 'running', finished_at: null, result: null });
      expect((await pool.nodeView(node))?.status).toBe('ready');
      expect((await pool.submit({ name: pool.newName(), behaviour: `say ${'.'.repeat(LARGE)}` })).status).toBe(507);
      expect(node.resultsLeft()).toBe(1);
      const isAcknowledged = (): boolean =>
        pool.events
          .slice(before)
          .some((event) => event.type === 'wire' && event.message['type'] === 'job_result_ack' && event.message['job_id'] === jobId);
      expect(isAcknowledged()).toBe(false);
      disk.free(pool.scheduler);
      expect(await pool.jobIs(jobId, 'succeeded')).toMatchObject({ attempt: 1 });
      await until('the acknowledgement', isAcknowledged);
      expect((await pool.submit({ name: pool.newName() })).status).toBe(202);
      await pool.verify();
    },
  );

  test.runIf(kinds.length > 0)('scheduler disk full, scheduler killed -> no accepted job lost', async () => {
    const { pool, disk } = await poolOn(kind, 'schedulerDisk');
    const jobId = await pool.submitted({ name: pool.newName(), behaviour: `wait 500 big ${String(LARGE)}` });
    await pool.jobIs(jobId, 'running');
    disk.fill(pool.scheduler);
    await pool.scheduler.line('job_store_write_failed').catch(() => undefined);
    const [node] = pool.nodes;
    await until('the result to wait', () => node?.resultsLeft() === 1);
    await pool.killScheduler();
    disk.free(pool.scheduler);
    await pool.startScheduler();
    expect(await pool.jobIs(jobId, 'succeeded')).toMatchObject({ attempt: 1 });
    await pool.verify();
  });

  test.runIf(kinds.length > 0)('node disk full -> result sent from memory, next results written when there is space', async () => {
    const { pool, node, disk } = await poolOn(kind, 'nodeDisk');
    disk.fill(node.agent);
    const first = await pool.submitted({ name: pool.newName(), behaviour: `wait 50 big ${String(LARGE)}` });
    expect(await pool.jobIs(first, 'succeeded')).toMatchObject({ attempt: 1 });
    await node.agent.line('result_not_saved');
    expect(node.resultsLeft()).toBe(0);
    disk.free(node.agent);
    const next = await pool.submitted({ name: pool.newName(), behaviour: `wait 400 big ${String(LARGE)}` });
    await pool.wire(node, 'job_accepted', next);
    node.proxy.set({ isHeld: true });
    await until('a result to be kept', () => node.resultsLeft() === 1);
    node.proxy.heal();
    expect(await pool.jobIs(next, 'succeeded')).toMatchObject({ attempt: 1 });
    await pool.verify();
  });

  test.runIf(kinds.length > 0)('node disk full, node killed with a result only in memory -> job runs again', async () => {
    const { pool, node, disk } = await poolOn(kind, 'nodeDisk');
    const jobId = await pool.submitted({ name: pool.newName(), behaviour: `wait 300 big ${String(LARGE)}` });
    await pool.wire(node, 'job_accepted', jobId);
    disk.fill(node.agent);
    node.proxy.set({ isHeld: true });
    await node.agent.line('result_not_saved');
    await node.agent.end('SIGKILL');
    disk.free(node.agent);
    node.proxy.reset();
    node.proxy.heal();
    node.startAgent();
    expect(await pool.jobIs(jobId, 'succeeded')).toMatchObject({ attempt: 2 });
    await pool.verify();
  });

  test.runIf(kinds.length > 0)('log disk full -> scheduler goes on, logs again when there is space', async () => {
    const lab = new MusterLab();
    closing.push(() => lab.close());
    const folder = path.join(lab.folder, 'logs');
    const disk = await openSmallDisk(kind, lab, folder, 1);
    const log = path.join(`${disk.root}${folder}`, 'log');
    const config = lab.configFile('scheduler', '[server]\nport = 0\n');
    const cli = path.join(projectRoot, 'out', 'main', 'cli.js');
    const stdout = openSync(log, 'a');
    const child = spawn(
      process.execPath,
      [cli, 'scheduler', '--data-dir', path.join(lab.folder, 'data'), '--config', config, '--log-format', 'json'],
      { stdio: ['ignore', stdout, 'inherit'] },
    );
    closeSync(stdout);
    lab.own(child);
    const port = Number(await until('the port', () => /"url":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(readFileSync(log, 'utf8'))?.[1], 20_000));
    const submit = (): Promise<unknown> =>
      sendRequest(port, {
        method: 'POST',
        path: '/api/v1/jobs',
        body: { task: { kind: 'openai', path: '/v1/chat/completions', body: { model: 'm', messages: [] } } },
      });
    const logged = (): number =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line.includes('"job_submitted"')).length;
    await submit();
    await until('the log of the first job', () => logged() === 1);
    disk.fill({ child });
    for (let i = 0; i < 20; i++) await submit();
    expect((await sendRequest(port, { path: '/api/v1/jobs' })).status).toBe(200);
    disk.free({ child });
    await until('the log to go on', async () => {
      await submit();
      return logged() > 1;
    });
    expect(child.exitCode).toBe(null);
    // The scheduler also stops when the log has lines that the disk does not take.
    disk.fill({ child });
    await submit();
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await within('the scheduler to end', ended)).toEqual([0, null]);
  });
});
