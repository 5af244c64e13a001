// HAProxy with the configuration of deploy/cluster, in front of two members: its clients reach the leader, also after a kill.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/paths.mjs';
import { clusterEnv, startMember } from '../support/cluster-lab';
import { bearer, OWNER_KEY } from '../support/http-api';
import { TestPostgres } from '../support/postgres';
import { requirePostgres, requirePrograms, skipNote } from '../support/requirements';
import { reservePort } from '../support/reserved-port';
import { until } from '../support/until';
import { useLab } from '../support/use-lab';

const [haproxy, postgres] = [requirePrograms('load balancer', ['haproxy', 'setpriv'], 'haproxy util-linux'), requirePostgres()];
const missing = haproxy.missing ?? postgres.missing;
/** The lease ends after 7 s. The rest is for the check of HAProxy and a busy machine. */
const LIMIT_MS = 20_000;
const lab = useLab();

/** The status, or null without an answer. */
function statusAt(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path: '/api/v1/nodes',
        headers: bearer(OWNER_KEY),
        rejectUnauthorized: false,
        agent: false,
        timeout: 2000,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? null);
      },
    );
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => {
      resolve(null);
    });
    sent.end();
  });
}

describe.skipIf(missing !== undefined)(`load balancer${skipNote(missing === undefined ? {} : { missing })}`, () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await TestPostgres.start();
  });
  afterAll(() => server?.remove());

  test('kill -9 of the leader -> requests through the load balancer work again', async () => {
    const env = { ...clusterEnv(server, await server.newDatabase()), MUSTER_SERVER_ALLOWED_HOSTS: 'pool.test' };
    const [front, ...reserved] = await Promise.all([reservePort(), reservePort(), reservePort()]);
    const [a, b] = ['a', 'b'].map((name, index) => {
      const dataDir = lab().dataDir(name, '', { models: false });
      return startMember(lab(), env, { name, dataDir, host: '0.0.0.0', port: reserved[index]?.port ?? 0 });
    });
    if (a === undefined || b === undefined) throw new Error('two members');
    const text = readFileSync(path.join(projectRoot, 'deploy/cluster/haproxy.cfg'), 'utf8')
      .replace('bind :7080', `bind 127.0.0.1:${String(front.port)}`)
      .replace('scheduler-a:7080', `127.0.0.1:${String(reserved[0]?.port)}`)
      .replace('scheduler-b:7080', `127.0.0.1:${String(reserved[1]?.port)}`);
    const file = path.join(lab().folder, 'haproxy.cfg');
    writeFileSync(file, text);
    lab().own(spawn('setpriv', ['--pdeathsig', 'KILL', haproxy.path ?? '', '-db', '-f', file], { env: { MUSTER_HOST: 'pool.test' } }));
    await until('an answer through the load balancer', async () => (await statusAt(front.port)) === 200, LIMIT_MS);

    // Its answer may arrive before its log line.
    const isLeader = ({ lines }: typeof a): boolean => lines.some(({ event }) => event === 'cluster_leads');
    const leader = await until('the log line of the leader', () => [a, b].find(isLeader), LIMIT_MS);
    leader.signal('SIGKILL');
    const killedAtMonotonicMs = performance.now();
    await until('the end of the answers', async () => (await statusAt(front.port)) !== 200, LIMIT_MS);
    await until('an answer of the next leader', async () => (await statusAt(front.port)) === 200, LIMIT_MS);
    const tookMs = performance.now() - killedAtMonotonicMs;
    process.stdout.write(`answers through HAProxy after kill -9: ${tookMs.toFixed(0)} ms\n`);
    expect(tookMs).toBeLessThan(LIMIT_MS);
    for (const each of [front, ...reserved]) each.release();
  }, 120_000);
});
