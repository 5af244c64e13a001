// A scheduler and two agents as real processes, as their users run them: from registration to ready, through drains, restarts
// and copied identities.
import { appendFileSync, copyFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type MusterProcess, MusterLab, QUICK_AGENT } from '../support/muster-process';
import { until } from '../support/until';

/** A node is ready within a second, and offline two seconds after its last heartbeat. */
const FAST = `
[server]
port = 0
[scheduler.node_health]
heartbeat_interval_seconds = 0.5
heartbeat_timeout_seconds = 2
[scheduler.load_balancer]
resource_threshold = 100
`;

let lab: MusterLab;

/** A lab for each test of the block. */
function useOwnLab(): void {
  beforeEach(() => {
    lab = new MusterLab();
  });
  afterEach(async () => {
    await lab.close();
  });
}

const startScheduler = (folder: string, ...more: string[]) => lab.start(['scheduler', '--data-dir', folder, ...more]);
const startAgent = (folder: string, url: string, gpu = 'RTX 4090:24') =>
  lab.start(['agent', '--data-dir', folder, '--scheduler', url, '--simulate-gpu', gpu, '--name', path.basename(folder)], QUICK_AGENT);

/** The id that the scheduler gave the agent. */
const idOf = async (agent: MusterProcess) => String((await agent.line('link_changed', { to: 'registered' }))['node_id']);

async function readyPool(config = FAST) {
  const schedulerDir = lab.dataDir('scheduler', config);
  const scheduler = startScheduler(schedulerDir);
  const url = await scheduler.url();
  const [firstDir, secondDir] = [lab.dataDir('first'), lab.dataDir('second')];
  const [first, second] = [startAgent(firstDir, url), startAgent(secondDir, url, 'H100:80,H100:80')];
  const ids = [await idOf(first), await idOf(second)] as const;
  for (const node_id of ids) await scheduler.line('node_status_changed', { node_id, to: 'ready', reason_code: 'health_check_passed' });
  return {
    scheduler,
    schedulerDir,
    url,
    port: new URL(url).port,
    onHost: ['--url', url, '--data-dir', schedulerDir],
    first,
    firstDir,
    second,
    secondDir,
    ids,
  };
}

describe('pool of two nodes that stays as it is', () => {
  let pool: Awaited<ReturnType<typeof readyPool>>;
  beforeAll(async () => {
    lab = new MusterLab();
    pool = await readyPool();
  });
  afterAll(() => lab.close());

  test('registered -> registering, then ready, shown as simulated', async () => {
    const { scheduler, url, first, ids, onHost, schedulerDir } = pool;
    const statuses = scheduler.lines.filter((line) => line.event === 'node_status_changed' && line['node_id'] === ids[0]);
    expect(statuses.map((line) => [line['from'], line['to'], line['reason_code']])).toEqual([
      [null, 'registering', 'registered'],
      ['registering', 'ready', 'health_check_passed'],
    ]);
    await first.line('node_status_received', { status: 'ready' });

    const listed = await lab.run(['nodes', '--json', ...onHost]);
    const { nodes } = JSON.parse(listed.stdout) as { nodes: { node_id: string; name: string; status: string; simulated: boolean }[] };
    expect(nodes.map(({ node_id, name, status, simulated }) => [node_id, name, status, simulated]).sort()).toEqual(
      [
        [ids[0], 'first', 'ready', true],
        [ids[1], 'second', 'ready', true],
      ].sort(),
    );
    const table = await lab.run(['nodes', '--data-dir', schedulerDir], { MUSTER_URL: url });
    expect(table).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/first +available .*RTX 4090 24 GB \(simulated\)/) });
  });

  test('nodes tag -> kept in the order given, replaced by the next; invalid tags change nothing', async () => {
    const { ids, onHost } = pool;
    expect(await lab.run(['nodes', 'tag', ids[0], 'lab,room 4', ...onHost])).toMatchObject({ code: 0, stdout: 'first: lab, room 4\n' });
    const refused = await lab.run(['nodes', 'tag', ids[0], 'lab,LAB', ...onHost]);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('TAGS');
    const { nodes } = JSON.parse((await lab.run(['nodes', '--json', ...onHost])).stdout) as {
      nodes: { node_id: string; tags: string[] }[];
    };
    expect(nodes.find(({ node_id }) => node_id === ids[0])?.tags).toEqual(['lab', 'room 4']);
    expect((await lab.run(['nodes', 'tag', ids[0], '', ...onHost])).stdout).toBe('first: no tags\n');
  });

  test('explain -> chosen node, and why not the other', async () => {
    const { url, ids } = pool;
    const explained = await lab.run(['explain', '--json', '--node', ids[0], '--model', 'example-greeting', '--url', url]);
    expect(explained.code).toBe(0);
    const { nodes } = JSON.parse(explained.stdout) as { nodes: { node_id: string; excluded: { code: string }[] }[] };
    expect(nodes.find(({ node_id }) => node_id === ids[1])?.excluded.map(({ code }) => code)).toContain('not_requested_node');
    expect((await lab.run(['explain', '--model', 'no-such-model', '--url', url])).stdout).toMatch(
      /No node would get this job\.[^]*model_not_available/,
    );
  });

  test('second agent on one state folder -> refused', async () => {
    const { url, firstDir } = pool;
    const second = await startAgent(firstDir, url).finished;
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/another agent \(process \d+\) uses this state folder/);
  });
});

describe('pool of two nodes', () => {
  useOwnLab();

  test('drained, agent restarted -> offline until resumed', async () => {
    const { scheduler, url, first, firstDir, ids, onHost } = await readyPool();
    const drained = await lab.run(['drain', ids[0], '--reason', 'maintenance', '--json', ...onHost]);
    expect(drained).toMatchObject({ code: 0, stdout: `{"node_id":"${ids[0]}","done":"drain_requested"}\n` });
    await scheduler.line('node_status_changed', { node_id: ids[0], to: 'offline', reason_code: 'drain_complete' });

    await first.end();
    const restart = scheduler.lines.length;
    const again = startAgent(firstDir, url);
    expect(await idOf(again)).toBe(ids[0]);
    await scheduler.line('node_status_changed', { node_id: ids[0], to: 'offline', reason_code: 'drain_complete' }, restart);

    const resumed = scheduler.lines.length;
    expect(await lab.run(['resume', ids[0], ...onHost])).toMatchObject({ code: 0, stdout: `${ids[0]}: resumed\n` });
    await scheduler.line('node_status_changed', { node_id: ids[0], to: 'ready' }, resumed);
  });

  test('last ready model breaks -> degraded; repaired -> ready', async () => {
    const { scheduler, first, firstDir, ids } = await readyPool();
    rmSync(path.join(firstDir, 'models', 'shout'), { recursive: true });
    await first.line('model_gone', { model_id: 'example-shout' });
    const model = path.join(firstDir, 'models', 'greeting', 'greeting.txt');
    const content = readFileSync(model);
    appendFileSync(model, 'more than there should be');
    await scheduler.line('node_status_changed', { node_id: ids[0], from: 'ready', to: 'degraded', reason_code: 'health_check_failed' });
    writeFileSync(model, content);
    await scheduler.line('node_status_changed', { node_id: ids[0], from: 'degraded', to: 'ready', reason_code: 'health_recovered' });
  });
});

describe('restarts', () => {
  useOwnLab();

  test('scheduler killed and started -> nodes back by their tokens, no conflict', async () => {
    // The grace period of a restarted scheduler is this timeout: longer than an agent waits for its next try.
    const { scheduler, schedulerDir, port, first, second, ids } = await readyPool(
      FAST.replace('timeout_seconds = 2', 'timeout_seconds = 15'),
    );
    await scheduler.end('SIGKILL');
    const [before, beforeSecond] = [first.lines.length, second.lines.length];
    const again = startScheduler(schedulerDir, '--port', port);
    await again.url();
    expect(again.lines[0]?.event).toBe('scheduler_listening');
    for (const node_id of ids) {
      await again.line('node_registered', { node_id, resumed: true });
      await again.line('node_status_changed', { node_id, to: 'ready' });
    }
    expect(again.lines.filter(({ event }) => event === 'node_id_conflict' || event === 'heartbeat_timeout')).toEqual([]);
    await first.line('link_changed', { to: 'registered', node_id: ids[0] }, before);
    await second.line('link_changed', { to: 'registered', node_id: ids[1] }, beforeSecond);
  });

  test('agent killed -> offline after the heartbeat timeout; started -> same node', async () => {
    const { scheduler, url, first, firstDir, ids } = await readyPool();
    await first.end('SIGKILL');
    await scheduler.line('heartbeat_timeout', { node_id: ids[0] });
    await scheduler.line('node_status_changed', { node_id: ids[0], to: 'offline', reason_code: 'heartbeat_timeout' });
    const restart = scheduler.lines.length;
    const again = startAgent(firstDir, url);
    expect(await idOf(again)).toBe(ids[0]);
    await scheduler.line('node_registered', { node_id: ids[0], resumed: true }, restart);
    await scheduler.line('node_status_changed', { node_id: ids[0], to: 'ready' }, restart);
  });

  test('SIGTERM to the agent -> drained, exit code 0; SIGINT to the scheduler -> exit code 0, agents reconnect', async () => {
    const { scheduler, first, second, ids } = await readyPool();
    expect(await first.end('SIGTERM')).toMatchObject({ code: 0, signal: null });
    await first.line('stopped');
    await scheduler.line('node_status_changed', { node_id: ids[0], to: 'draining', reason_code: 'drain_requested' });
    await scheduler.line('node_status_changed', { node_id: ids[0], to: 'offline', reason_code: 'drain_complete' });
    expect(await scheduler.end('SIGINT')).toMatchObject({ code: 0, signal: null });
    await second.line('link_changed', { to: 'reconnecting' });
  });

  test('second SIGTERM to an agent that waits for its scheduler -> ends at once', async () => {
    const { scheduler, first } = await readyPool();
    // The scheduler answers nothing, and its socket stays open.
    scheduler.signal('SIGSTOP');
    first.signal('SIGTERM');
    await first.line('stop_requested', { cause: 'SIGTERM' });
    expect(await first.end('SIGTERM')).toMatchObject({ code: 143 });
  });
});

describe('identities', () => {
  useOwnLab();

  test('id of another node -> given up, new id, log line', async () => {
    const { scheduler, url, firstDir, ids, onHost } = await readyPool();
    const wrongTokenDir = lab.dataDir('wrong-token');
    const identity = readFileSync(path.join(firstDir, 'identity.json'), 'utf8');
    writeFileSync(path.join(wrongTokenDir, 'identity.json'), identity.replace(/("node_token": ")[^"]*/, '$1not-the-right-token'));
    const wrongAgent = startAgent(wrongTokenDir, url);
    await scheduler.line('node_id_conflict', { node_id: ids[0] });
    await wrongAgent.line('node_id_replaced');
    const newId = await until('a new id', async () => {
      const { node_id } = await wrongAgent.line('link_changed', { to: 'registered' });
      return node_id;
    });
    expect(newId).not.toBe(ids[0]);
    await scheduler.line('node_status_changed', { node_id: newId, to: 'ready' });
    expect(JSON.parse((await lab.run(['nodes', '--json', ...onHost])).stdout)).toMatchObject({ nodes: { length: 3 } });
  });

  test('copy of a running agent -> replaces it; first one stays away', async () => {
    const { url, first, firstDir, ids } = await readyPool();
    const wrongTokenDir = lab.dataDir('copy');
    copyFileSync(path.join(firstDir, 'identity.json'), path.join(wrongTokenDir, 'identity.json'));
    const copy = startAgent(wrongTokenDir, url);
    expect(await idOf(copy)).toBe(ids[0]);
    await first.line('replaced_by_newer_connection');
  });
});

describe('database', () => {
  useOwnLab();

  test('not a database -> start fails, file named and unchanged', async () => {
    const folder = lab.dataDir('scheduler', FAST);
    const database = path.join(folder, 'scheduler.db');
    writeFileSync(database, "this is no database, but it may be somebody's");
    cpSync(database, path.join(folder, 'before'));
    const scheduler = startScheduler(folder);
    const line = await scheduler.line('start_failed', { code: 'DATABASE_UNREADABLE' });
    expect(line).toMatchObject({ level: 'error', file: database });
    expect(await scheduler.finished).toMatchObject({ code: 1, stderr: expect.stringContaining(database) });
    expect(readFileSync(database)).toEqual(readFileSync(path.join(folder, 'before')));
  });
});
