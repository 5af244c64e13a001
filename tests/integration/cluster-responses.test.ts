// Responses that the pool keeps, and those that run in the background, when members are killed: real processes, a real database and a real
// NATS server.
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { OWNER_KEY, sendRequest } from '../support/http-api';
import { accept, chatOutput } from '../support/job-pool';
import { natsServer } from '../support/nats';
import { RenewingNode } from '../support/renewing-node';
import { requirePostgres, skipNote } from '../support/requirements';
import { until } from '../support/until';
import { type BusMember, useBusCluster } from '../support/use-bus-cluster';

const missing = natsServer.missing ?? requirePostgres().missing;
/** The lease ends after 7 s. The rest is for a busy machine. */
const LIMIT_MS = 30_000;
const PROMPT = 'the-marker-of-the-prompt';
const ANSWER = 'the-marker-of-the-answer';

const clientOf = ({ url }: BusMember, apiKey = OWNER_KEY): OpenAI =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0, timeout: LIMIT_MS });

/** Of a client. */
async function newKey({ port }: BusMember, name: string): Promise<string> {
  const answer = await sendRequest(port, { method: 'POST', path: '/api/v1/keys', body: { name, roles: ['client'] } });
  return (answer.json() as { readonly key: string }).key;
}

async function assigned(node: RenewingNode) {
  const job = await node.socket.until('job_assign');
  accept(node.socket, job);
  node.jobs.push(job);
  return job;
}

interface Shown {
  readonly id: string;
  readonly status: string;
}

describe.skipIf(missing !== undefined)(`responses of a cluster${skipNote(missing === undefined ? {} : { missing })}`, () => {
  const cluster = useBusCluster();

  test('kill -9 of the leader -> another member has the kept response, and ends the one in the background; neither is on a disk', async () => {
    const [leader, other] = await cluster.start(['a', 'b']);
    if (leader === undefined || other === undefined) throw new Error('two members');
    const ask = async (method: string, target: string, body?: object) => {
      const request = { method, path: `/v1/responses${target}`, limitMs: LIMIT_MS, ...(body === undefined ? {} : { body }) };
      const answer = await sendRequest(other.port, request);
      return { status: answer.status, text: answer.text, shown: answer.json() as Shown };
    };
    const node = await RenewingNode.start(other.url, 'mine');
    const next = () => assigned(node);
    const asked = ask('POST', '', { model: node.model, input: PROMPT });
    node.succeed(await next(), chatOutput(ANSWER));
    const kept = (await asked).shown;
    await until('the leader keeps it', async () => (await ask('GET', `/${kept.id}`)).status === 200);
    // When it is answered, the other member has the request, and before it the response that was kept.
    const { shown: background } = await ask('POST', '', { model: node.model, input: PROMPT, background: true });
    const running = await next();
    await cluster.runs(running.job_id);

    leader.member.signal('SIGKILL');
    const killedMs = performance.now();
    expect((await ask('GET', `/${kept.id}`)).shown).toEqual(kept);
    process.stdout.write(`a kept response after the kill of the leader: ${(performance.now() - killedMs).toFixed(0)} ms\n`);
    await until('the node is registered again', () => node.renewals === 1, LIMIT_MS);
    expect((await ask('GET', `/${background.id}`)).shown).toMatchObject({ id: background.id, status: 'in_progress' });
    node.succeed(running, chatOutput(ANSWER));
    await until('the answer', async () => (await ask('GET', `/${background.id}`)).shown.status === 'completed', LIMIT_MS);
    expect((await ask('GET', `/${background.id}`)).text).toContain(ANSWER);
    expect([node.jobs.length, node.cancelled]).toEqual([2, []]);

    const continued = ask('POST', '', { model: node.model, input: 'go on', previous_response_id: kept.id });
    const last = await next();
    expect(last.task).toMatchObject({ body: { messages: [{ content: PROMPT }, { content: ANSWER }, { content: 'go on' }] } });
    node.succeed(last, chatOutput('more'));
    expect((await continued).status).toBe(200);
    expect((await cluster.filesWith(running.job_id)).length).toBeGreaterThan(0);
    for (const text of [PROMPT, ANSWER]) expect(await cluster.filesWith(text)).toEqual([]);
    node.socket.close();
  });

  test('kill -9 of the member that accepted it, then of the leader -> it goes on at the others, for its key alone', async () => {
    const [leader, accepting, other] = await cluster.start(['a', 'b', 'c']);
    if (leader === undefined || accepting === undefined || other === undefined) throw new Error('three members');
    const node = await RenewingNode.start(other.url, 'mine');
    const [key, foreignKey] = [await newKey(leader, 'one'), await newKey(leader, 'two')];
    const [client, foreign] = [clientOf(other, key).responses, clientOf(other, foreignKey).responses];
    const asked = clientOf(accepting, key).responses.create({ model: node.model, input: PROMPT });
    node.succeed(await assigned(node), chatOutput(ANSWER));
    const kept = await asked;
    const request = { model: node.model, input: 'go on', background: true, previous_response_id: kept.id };
    const background = await clientOf(accepting, key).responses.create(request);
    const running = await assigned(node);
    accepting.member.signal('SIGKILL');
    expect(await client.retrieve(background.id)).toMatchObject({ status: 'in_progress' });
    const cancelled = await clientOf(leader, key).responses.create(request);
    await cluster.runs((await assigned(node)).job_id);
    expect(await client.cancel(cancelled.id)).toMatchObject({ status: 'cancelled' });
    await until('the cancellation', () => node.cancelled.length === 1);

    leader.member.signal('SIGKILL');
    expect(await client.retrieve(cancelled.id)).toMatchObject({ status: 'cancelled' });
    await until('the node is registered again', () => node.renewals === 1, LIMIT_MS);
    node.succeed(running, chatOutput('more'));
    await until('the answer', async () => (await client.retrieve(background.id)).status === 'completed', LIMIT_MS);
    expect(await client.retrieve(background.id)).toMatchObject({ output_text: 'more', previous_response_id: kept.id });
    for (const { id } of [kept, background, cancelled]) {
      await expect(foreign.retrieve(id)).rejects.toMatchObject({ status: 404 });
      await expect(foreign.delete(id)).rejects.toMatchObject({ status: 404 });
      await expect(foreign.cancel(id)).rejects.toMatchObject({ status: 404 });
    }
    const stolen = foreign.create({ model: node.model, input: 'what was it?', previous_response_id: kept.id });
    await expect(stolen).rejects.toMatchObject({ status: 400 });
    expect([node.jobs.length, node.cancelled]).toEqual([3, ['requested']]);
    node.socket.close();
  });
});
