// A scheduler alone with its files beside one that leads a cluster, as processes of the built program on the same disk in the same run: time
// from a submission to its assignment, durable submissions a second, and the time without dispatch when the leader changes. PostgreSQL waits
// for the disk, as in production.
import { Agent, request } from 'node:http';
import { loadavg } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressOf, clusterEnv, startMember } from '../tests/support/cluster-lab';
import { bearer, OWNER_KEY } from '../tests/support/http-api';
import { accept, readyNode, submission, succeed } from '../tests/support/job-pool';
import { MusterLab, type MusterProcess } from '../tests/support/muster-process';
import { TestPostgres } from '../tests/support/postgres';
import { until } from '../tests/support/until';

const ONE_BY_ONE = 100;
const SUBMITTERS = 64;
const SUBMISSIONS = 1500;
const ROUNDS = 5;
const CHANGES = 5;
const LIMIT_MS = 30_000;
const SEEN_SECONDS = 3;
const MODEL = { installed_models: [{ model_id: 'llm-a', kind: 'llm' as const, version: '1' }], max_concurrent_jobs: 256 };
/** The lease of a killed leader ends after 7 s, and the next one opens its term. */
const MOST_KILLED_MS = 10_000;
const MOST_STEP_DOWN_MS = 3000;

let lab: MusterLab;
let server: TestPostgres;
const agent = new Agent({ keepAlive: true, maxSockets: SUBMITTERS });
const figures: Record<string, string | number>[] = [];

beforeAll(async () => {
  lab = new MusterLab();
  server = await TestPostgres.start({ isDurable: true });
});
afterAll(async () => {
  agent.destroy();
  await lab.close();
  await server.remove();
  figures.push({ figure: 'load of the machine', value: (loadavg()[0] ?? NaN).toFixed(1) });
  console.table(figures);
});

const PAYLOAD = JSON.stringify(submission());

/** The status. 0: no answer. */
function submit(url: string): Promise<number> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(PAYLOAD), ...bearer(OWNER_KEY) };
  return new Promise((resolve) => {
    const sent = request(`${url}/api/v1/jobs`, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        resolve(response.statusCode ?? 0);
      });
    });
    sent.on('error', () => {
      resolve(0);
    });
    sent.end(PAYLOAD);
  });
}

function percentiles(samples: readonly number[]): string {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * sorted.length)] ?? NaN).toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

async function assignments(url: string): Promise<readonly number[]> {
  const node = await readyNode(url, MODEL);
  const samples: number[] = [];
  for (let i = 0; i < ONE_BY_ONE; i++) {
    const startMonotonicMs = performance.now();
    const answer = submit(url);
    const assign = await node.until('job_assign');
    samples.push(performance.now() - startMonotonicMs);
    await answer;
    accept(node, assign);
    succeed(node, assign);
    await node.until('job_result_ack');
  }
  node.close();
  return samples;
}

/** Accepted jobs a second, without a node. */
async function submissions(url: string): Promise<number> {
  const startMonotonicMs = performance.now();
  let left = SUBMISSIONS;
  await Promise.all(
    Array.from({ length: SUBMITTERS }, async () => {
      while (left-- > 0) expect(await submit(url)).toBe(202);
    }),
  );
  return (SUBMISSIONS * 1000) / (performance.now() - startMonotonicMs);
}

test('files and PostgreSQL: submission to assignment, durable submissions a second', async () => {
  const env = clusterEnv(server, await server.newDatabase());
  const alone = lab.start(['scheduler', '--data-dir', lab.dataDir('alone', '', { models: false }), '--port', '0']);
  const member = startMember(lab, env, { name: 'a', dataDir: lab.dataDir('a', '', { models: false }) });
  await member.line('cluster_leads');
  const stores = [
    { name: 'files (SQLite)', url: await alone.url() },
    { name: 'cluster (PostgreSQL)', url: (await addressOf(member)).url },
  ].map((store) => ({ ...store, waits: [] as number[], rates: [] as number[] }));
  // Interleaved, so that other work on the machine disturbs both. The first round warms up. The jobs of the submissions stay queued, so the
  // assignments come before.
  for (let round = 0; round <= ROUNDS; round++)
    for (const { url, waits } of stores) {
      const samples = await assignments(url);
      if (round > 0) waits.push(...samples);
    }
  for (let round = 0; round <= ROUNDS; round++)
    for (const { url, rates } of stores) {
      const rate = await submissions(url);
      if (round > 0) rates.push(rate);
    }
  for (const { name, waits, rates } of stores)
    figures.push(
      { figure: `${name}: from a submission to its job_assign`, value: percentiles(waits) },
      { figure: `${name}: durable submissions a second, ${String(SUBMITTERS)} at a time`, value: Math.round(Math.max(...rates)) },
    );
  await alone.end();
  await member.end();
});

/** A node that asks all members in turn, as agents do, until one of them registers it. Then a job reaches the node. */
async function dispatched(urls: readonly string[], identity: { node_id: string; node_token: string }): Promise<void> {
  const node = await until(
    'a member that takes the node',
    async () => {
      for (const url of urls)
        try {
          const found = await readyNode(url, { ...MODEL, ...identity });
          return { found, url };
        } catch {
          // The next one.
        }
      return null;
    },
    LIMIT_MS,
  );
  expect(await submit(node.url)).toBe(202);
  const assign = await node.found.until('job_assign');
  accept(node.found, assign);
  succeed(node.found, assign);
  await node.found.until('job_result_ack');
  node.found.close();
}

async function seesAnother(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/api/v1/cluster`, { headers: bearer(OWNER_KEY) });
  const { members } = (await answer.json()) as { readonly members: readonly { readonly seen_seconds: number }[] };
  return members.filter(({ seen_seconds: seconds }) => seconds < SEEN_SECONDS).length > 1;
}

test.each([
  ['kill -9', MOST_KILLED_MS],
  ['step-down', MOST_STEP_DOWN_MS],
] as const)('time without dispatch: %s of the leader', async (how, mostMs) => {
  const env = clusterEnv(server, await server.newDatabase());
  const start = async (name: string): Promise<{ name: string; process: MusterProcess; url: string }> => {
    const process = startMember(lab, env, { name, dataDir: lab.dataDir(`${how.charAt(0)}-${name}`, '', { models: false }) });
    return { name, process, url: (await addressOf(process)).url };
  };
  const first = await start('a');
  await first.process.line('cluster_leads');
  let members = [first, await start('b')];
  const node = await readyNode(first.url, MODEL);
  const identity = { node_id: node.nodeId, node_token: node.ack.node_token };
  node.close();
  const gaps: number[] = [];
  let leader = first;
  for (let change = 0; change < CHANGES; change++) {
    const others = members.filter((member) => member !== leader);
    await until('the leader to see another member', () => seesAnother(leader.url), LIMIT_MS);
    const startMonotonicMs = performance.now();
    if (how === 'kill -9') leader.process.signal('SIGKILL');
    else {
      const stepped = await fetch(`${leader.url}/api/v1/cluster/step-down`, { method: 'POST', headers: bearer(OWNER_KEY) });
      expect(stepped.status).toBe(202);
    }
    await dispatched(
      others.map(({ url }) => url),
      identity,
    );
    gaps.push(performance.now() - startMonotonicMs);
    const [next] = others;
    if (next === undefined) throw new Error('no other member');
    // A member that has stepped down stands aside for 5 s. A new process does not.
    if (how === 'step-down') await leader.process.end();
    members = [next, await start(leader.name)];
    leader = next;
  }
  const texts = gaps.map((ms) => Math.round(ms)).toSorted((a, b) => a - b);
  figures.push({ figure: `${how}: ms until the next job_assign, ${String(CHANGES)} changes`, value: texts.join(', ') });
  expect(Math.min(...gaps)).toBeLessThan(mostMs);
  for (const { process } of members) await process.end();
});
