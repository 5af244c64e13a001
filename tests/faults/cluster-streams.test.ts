// The leader is killed, or stops in order, while clients of another member read streams of nodes at a third one: no token is lost or doubled. Real processes,
// database and bus.
import { describe, expect, test } from 'vitest';
import { accept, chatOutput } from '../support/job-pool';
import type { MusterProcess } from '../support/muster-process';
import { natsServer } from '../support/nats';
import { requirePostgres, skipNote } from '../support/requirements';
import { RenewingNode, type RunningJob } from '../support/renewing-node';
import { until } from '../support/until';
import { useBusCluster } from '../support/use-bus-cluster';

const missing = natsServer.missing ?? requirePostgres().missing;
const NODES = 5;
/** Of each node, as many as it may run. */
const JOBS = 4;
const CHUNK_MS = 50;
const LARGE = 200_000;
/** The lease ends after 7 s, then the nodes register again. */
const LIMIT_MS = 60_000;

interface Streaming {
  readonly node: RenewingNode;
  readonly job: RunningJob;
  sent: number;
}

const post = (url: string, body: object): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const secondsSince = (sinceMs: number): string => `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
const chunkOf = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });
const counted = (count: number): string => Array.from({ length: count }, (_, seq) => `${String(seq)} `).join('');

/** Without the comments that keep the connection open. */
async function textOf(response: Response): Promise<string> {
  const events = (await response.text()).split('\n\n').filter((line) => line !== '' && line !== 'data: [DONE]' && !line.startsWith(':'));
  return events
    .map((line) => (line.startsWith('data: {"choices"') ? (JSON.parse(line.slice(6)) as ReturnType<typeof chunkOf>) : line))
    .map((event) => (typeof event === 'string' ? event : (event.choices[0]?.delta.content ?? '')))
    .join('');
}

/** Requests without a stream: as many as the node may run, and one that waits for a slot. Its body is sent to the leader in pieces. */
async function askWholes(
  url: string,
  node: RenewingNode,
): Promise<readonly Promise<{ readonly id: string | null; readonly content: unknown }>[]> {
  const ask = async (content: string) => {
    const answer = await post(url, { model: node.model, messages: [{ role: 'user', content }] });
    const { choices } = (await answer.json()) as { readonly choices?: readonly { readonly message: { readonly content: string } }[] };
    return { id: answer.headers.get('x-muster-job'), content: choices?.[0]?.message.content };
  };
  const wholes = [];
  for (let index = 0; index < JOBS; index++) {
    wholes.push(ask('hello'));
    const job = await node.socket.until('job_assign');
    accept(node.socket, job);
    node.jobs.push(job);
  }
  return [...wholes, ask('x'.repeat(LARGE))];
}

/** `npm run test:long` only (vitest.config.ts). */
describe.skipIf(missing !== undefined)(`streams of a cluster${skipNote(missing === undefined ? {} : { missing })}`, () => {
  const cluster = useBusCluster();

  async function restartBus(streams: readonly Streaming[]): Promise<void> {
    const restartedMs = performance.now();
    await cluster.bus().kill();
    await cluster.bus().restart();
    const before = streams.map(({ sent }) => sent);
    await until('further chunks', () => streams.every(({ sent }, index) => sent > (before[index] ?? 0) + 60), LIMIT_MS);
    process.stdout.write(`chunks go on ${secondsSince(restartedMs)} after the bus was killed\n`);
  }

  async function changeLeader(
    leader: MusterProcess,
    signal: NodeJS.Signals,
    others: readonly MusterProcess[],
    started: readonly RenewingNode[],
  ): Promise<void> {
    leader.signal(signal);
    const signalledMs = performance.now();
    await Promise.any(others.map((member) => member.line('cluster_leads', { epoch: 2 })));
    process.stdout.write(`${signal}: the next leader after ${secondsSince(signalledMs)}, `);
    await until('all nodes are registered again', () => started.every(({ renewals }) => renewals === 1), LIMIT_MS);
    process.stdout.write(`all nodes after ${secondsSince(signalledMs)}\n`);
  }

  /** `signal`: to the leader. Null: the bus is killed and started again, and the leader stays. */
  const FAULTS = [
    { title: 'leader killed', signal: 'SIGKILL' },
    { title: 'leader stopped in order', signal: 'SIGTERM' },
    { title: 'leader frozen', signal: 'SIGSTOP' },
    { title: 'bus restarted', signal: null },
  ] as const;

  test.each(FAULTS)(
    `$title in the middle of ${String(NODES * JOBS)} streams on other members -> each is whole`,
    async ({ signal }) => {
      const [leader, clients, nodes] = await cluster.start(['a', 'b', 'c']);
      if (leader === undefined || clients === undefined || nodes === undefined) throw new Error('three members');
      const streams: Streaming[] = [];
      const answers: Promise<string>[] = [];
      const started = await Promise.all(
        Array.from({ length: NODES }, (_, index) => RenewingNode.start(nodes.url, `node-${String(index)}`)),
      );
      for (const node of started.flatMap((each) => Array.from({ length: JOBS }, () => each))) {
        const messages = [{ role: 'user', content: 'count' }];
        answers.push(post(clients.url, { model: node.model, stream: true, messages }).then(textOf));
        const job = await node.socket.until('job_assign');
        accept(node.socket, job);
        node.jobs.push(job);
        streams.push({ node, job, sent: 0 });
      }
      const idle = await RenewingNode.start(nodes.url, 'whole');
      const wholes = await askWholes(clients.url, idle);
      const sending = setInterval(() => {
        for (const stream of streams) {
          const { job_id, attempt } = stream.job;
          const data = chunkOf(`${String(stream.sent)} `);
          stream.node.socket.send({ type: 'job_chunk', job_id, attempt, seq: stream.sent++, data });
        }
      }, CHUNK_MS);
      await until('some chunks', () => streams.every(({ sent }) => sent > 20), LIMIT_MS);
      if (signal === null) await restartBus(streams);
      else await changeLeader(leader.member, signal, [clients.member, nodes.member], started);
      clearInterval(sending);
      for (const { node, job, sent } of streams) node.succeed(job, { status: 200, body: null, chunks: sent });
      for (const job of idle.jobs) idle.succeed(job, chatOutput(job.job_id));
      const again = await idle.socket.until('job_assign');
      idle.succeed(again, chatOutput(again.job_id));
      const texts = await Promise.all(answers);
      expect(texts).toEqual(streams.map(({ sent }) => counted(sent)));
      // The last one waited for a slot: no leader could go on with it, and its member sent it again.
      const jobIds = [...idle.jobs.map((job) => job.job_id), again.job_id];
      expect(await Promise.all(wholes)).toEqual(jobIds.map((id) => ({ id, content: id })));
      expect(started.flatMap(({ cancelled }) => cancelled)).toEqual([]);
      expect(started.map(({ renewals }) => renewals)).toEqual(started.map(() => (signal === null ? 0 : 1)));
      leader.member.signal('SIGKILL');
    },
    2 * LIMIT_MS,
  );
});
