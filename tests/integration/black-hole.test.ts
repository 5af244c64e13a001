// A node that claims every model, many slots, an absurd speed and no load, and answers at once with failures or nonsense. Measured before
// ADR 0018: such a node got 30 of 30 requests, and all clients got its errors.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Act, answers, fails, joinedNode, MODEL, no, report } from '../support/acting-node';
import { beat, chatOutput, chatTask, jobOf, nodeOf, submitted, succeed } from '../support/job-pool';
import type { RegisterInput, TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';
import type { JobAssign } from '../../src/shared/protocol/scheduler-messages';

const CHAT = { ...chatTask().body };
const TICK_MS = 20;

let scheduler: TestScheduler;
let ticking: NodeJS.Timeout;

beforeEach(async () => {
  scheduler = await startTestScheduler();
  // The backoff of retries passes in real time.
  ticking = setInterval(() => {
    scheduler.clock.advance(TICK_MS);
  }, TICK_MS);
});
afterEach(async () => {
  clearInterval(ticking);
  await scheduler.stop();
});

const joined = (act: Act, change: Partial<RegisterInput> = {}) => joinedNode(scheduler.url, act, change);

const ANSWER_MS = 15;
const DEFAULT_SLOTS = 4;

const honest = (nodeId: string, speed?: number) =>
  joined(
    (node, assign) => {
      setTimeout(() => {
        succeed(node, assign, chatOutput(nodeId));
      }, ANSWER_MS);
    },
    { node_id: nodeId, installed_models: [{ ...MODEL, ...(speed === undefined ? {} : { tokens_per_second: speed }) }] },
  );

/**
 * Three honest nodes that answer when the slots of all three were taken once since `close`: else the load of this machine decides how many
 * requests of a batch meet.
 */
async function honestWhenFull() {
  let held: (() => void)[] = [];
  let open = false;
  const answers = (node: TestNode, assign: JobAssign): void => {
    const answer = (): void => {
      succeed(node, assign, chatOutput(node.nodeId));
    };
    if (!open) held.push(answer);
    else setTimeout(answer, ANSWER_MS);
    if (held.length < 3 * DEFAULT_SLOTS) return;
    open = true;
    held.splice(0).forEach((each) => setTimeout(each, ANSWER_MS));
  };
  await Promise.all(['a', 'b', 'c'].map((nodeId) => joined(answers, { node_id: nodeId })));
  return {
    close: (): void => {
      open = false;
      held = [];
    },
  };
}

/** Its claims are as large as the protocol allows. */
const liar = async (act: Act) => {
  const models = Array.from({ length: 50 }, (_, i) => ({
    ...MODEL,
    model_id: i === 0 ? 'llm-a' : `model-${String(i)}`,
    tokens_per_second: 1e6,
  }));
  const joinedNode = await joined(act, { node_id: 'liar', installed_models: models, max_concurrent_jobs: 256 });
  await beat(joinedNode.node, 1, { resource_usage: { cpu_percent: 0, mem_percent: 0, gpu_percent: 0, running_jobs: 0 } });
  return joinedNode;
};

const chat = async (change: object = {}) => {
  const answer = await fetch(`${scheduler.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...CHAT, ...change }),
  });
  return { status: answer.status, node: answer.headers.get('x-muster-node'), text: await answer.text() };
};

async function inBatches(requests: number, atOnce: number, change: object = {}) {
  const answers: Awaited<ReturnType<typeof chat>>[] = [];
  while (answers.length < requests) answers.push(...(await Promise.all(Array.from({ length: atOnce }, () => chat(change)))));
  return answers;
}

describe('black hole', () => {
  it('honest answers, absurd claims, one request after the other -> about its share', async () => {
    // Only the work takes time: on a busy machine the measured times of four equal nodes differ.
    clearInterval(ticking);
    const equallyFast = (node: TestNode, assign: JobAssign): void => {
      scheduler.clock.advance(ANSWER_MS);
      succeed(node, assign, chatOutput(node.nodeId));
    };
    await Promise.all(['a', 'b', 'c'].map((nodeId) => joined(equallyFast, { node_id: nodeId })));
    const { jobs } = await liar(equallyFast);
    expect((await inBatches(32, 1)).map(({ status }) => status)).toEqual(Array.from({ length: 32 }, () => 200));
    // Its three trials, and a quarter of the other 29.
    expect(jobs.length).toBeLessThanOrEqual(3 + 8);
  });

  it('absurd speed claimed, the others report theirs and answer faster -> no more than its three trials', async () => {
    await Promise.all([honest('a', 40), honest('b', 50), honest('c', 60)]);
    const { jobs } = await liar((node, assign) => setTimeout(() => succeed(node, assign), 20 * ANSWER_MS));
    await inBatches(30, 1);
    expect(jobs.length).toBeLessThanOrEqual(3);
  });

  it.each<readonly [string, Act, object]>([
    ['final failure', fails, {}],
    ['text instead of an answer', answers('nonsense'), {}],
    ['another object', answers({ status: 200, body: { ok: true } }), {}],
    ['an error with status 200', answers({ status: 200, body: { error: 'out of memory' } }), {}],
    ...[204, 302, 401, 404].map((status) => [`a status that no agent passes on (${String(status)})`, answers(no(status)), {}] as const),
    ['a status that no agent passes on, instead of a stream', answers(no(401)), { stream: true }],
    ['an empty stream', answers({ status: 200, body: null }), { stream: true }],
    [
      'chunks of nonsense',
      (node, { job_id, attempt }) => {
        node.socket.send(JSON.stringify({ type: 'job_chunk', job_id, attempt, seq: 0, data: 'nonsense' }));
      },
      { stream: true },
    ],
    [
      'a stream without its beginning',
      (node, { job_id, attempt }) => {
        const data = { choices: [{ index: 0, delta: { content: 'x' } }] };
        node.socket.send(JSON.stringify({ type: 'job_chunk', job_id, attempt, seq: 5, data }));
      },
      { stream: true },
    ],
  ])('%s -> every request succeeds elsewhere, the model is excluded after three', async (_what, act, change) => {
    const others = await honestWhenFull();
    const { jobs, node } = await liar(act);
    const isExcluded = async () => (await nodeOf(scheduler.port, node.nodeId)).failing_models?.length === 1;
    // After a failure the node comes last: it gets its next job only when the slots of all others are taken.
    for (let round = 0; round < 3 && !(await isExcluded()); round++) {
      others.close();
      for (const { status, text } of await inBatches(16, 16, change)) {
        expect(status).toBe(200);
        expect(text).toMatch(/"content":"[abc]"/);
      }
    }
    expect(scheduler.log.of('model_failing')).toMatchObject([{ node_id: 'liar', model_id: 'llm-a', failures: 3 }]);
    await node.settled();
    expect(node.status).toMatchObject({ periodic: true, failing_models: [{ model_id: 'llm-a', failures: 3 }] });
    const before = jobs.length;
    await inBatches(12, 12, change);
    expect(jobs.length).toBe(before);
  });

  it('final failure, one request after the other -> the rank is lowered after one', async () => {
    await Promise.all([honest('a'), honest('b'), honest('c')]);
    const { jobs } = await liar(fails);
    expect((await inBatches(20, 1)).map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(jobs).toHaveLength(1);
  });

  it('retryable refusals at once -> the rank is lowered with each', async () => {
    await Promise.all([honest('a'), honest('b'), honest('c')]);
    const { jobs } = await liar((node, assign) => {
      report(node, assign, { success: false, error: { code: 'capacity', message: 'full', details: { retryable: true } } });
    });
    expect((await inBatches(24, 8)).map(({ status }) => status)).toEqual(Array.from({ length: 24 }, () => 200));
    expect(jobs.length).toBeLessThanOrEqual(8);
  });

  it.each([400, 404, 422])(
    'refuses every request with status %d at once -> every client gets its answer, the rank is lowered after one',
    async (status) => {
      await Promise.all([honest('a'), honest('b'), honest('c')]);
      const { jobs } = await liar((node, assign) => {
        succeed(node, assign, { status, body: { error: { message: 'model not found' } } });
      });
      for (const change of [{}, { stream: true }])
        expect((await inBatches(10, 1, change)).map((answer) => answer.status)).toEqual(Array.from({ length: 10 }, () => 200));
      expect(jobs).toHaveLength(1);
    },
  );

  it('both nodes refuse the request -> the client gets the refusal of the second one; the only node -> its refusal', async () => {
    const refuses = (nodeId: string) =>
      joined(
        (node, assign) => {
          succeed(node, assign, { status: 422, body: { error: { message: `no from ${nodeId}` } } });
        },
        { node_id: nodeId },
      );
    const { jobs } = await refuses('a');
    expect(await chat()).toMatchObject({ status: 422, text: expect.stringContaining('no from a') as string });
    const second = await refuses('b');
    for (const change of [{}, { stream: true }])
      expect(await chat(change)).toMatchObject({ status: 422, text: expect.stringContaining('no from') as string });
    expect([jobs.length, second.jobs.length]).toEqual([3, 2]);
  });

  it('a stream with a gap after its beginning -> the rank is lowered after one', async () => {
    await Promise.all([honest('a'), honest('b'), honest('c')]);
    const { jobs } = await liar((node, { job_id, attempt }) => {
      const data = { choices: [{ index: 0, delta: { content: 'x' } }] };
      for (const seq of [0, 5]) node.socket.send(JSON.stringify({ type: 'job_chunk', job_id, attempt, seq, data }));
    });
    await inBatches(20, 1, { stream: true });
    expect(jobs).toHaveLength(1);
  });

  it('drops its connection at each job and registers again -> the rank is lowered after one', async () => {
    await Promise.all([honest('a'), honest('b'), honest('c')]);
    let drops = 0;
    let token = '';
    const drop = (node: TestNode): void => {
      drops++;
      node.socket.terminate();
      void joined(drop, { node_id: 'liar', node_token: token });
    };
    token = (await liar(drop)).node.ack.node_token;
    expect((await inBatches(10, 1)).map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(drops).toBe(1);
  });

  it('one request that fails on every node, three times -> the model is excluded nowhere', async () => {
    const poisoned = (nodeId: string) =>
      joined(
        (node, assign) => {
          if (JSON.stringify(assign.task).includes('poison'))
            report(node, assign, { success: false, error: { code: 'runtime_http_500', message: 'crashed', details: { retryable: true } } });
          else succeed(node, assign);
        },
        { node_id: nodeId },
      );
    await Promise.all(['a', 'b', 'c'].map(poisoned));
    const poison = { messages: [{ role: 'user', content: 'poison' }] };
    expect((await inBatches(3, 3, poison)).map(({ status }) => status)).toEqual([502, 502, 502]);
    expect(scheduler.log.of('model_failing')).toEqual([]);
    expect(await chat()).toMatchObject({ status: 200 });
  });

  it('accepts all jobs and never answers -> holds only the default slots', async () => {
    const { jobs } = await liar(() => undefined);
    for (let i = 0; i < 12; i++) await submitted(scheduler.port);
    await until('four assignments', () => (jobs.length >= 4 ? true : undefined));
    expect(jobs).toHaveLength(4);
    expect((await nodeOf(scheduler.port, 'liar')).in_flight_jobs).toBe(4);
  });

  it('both nodes report the same -> the client gets the error of the second one, and neither is failing', async () => {
    const refuses = (node: TestNode, assign: JobAssign): void => {
      report(node, assign, { success: false, error: { code: 'bad_request', message: `no from ${node.nodeId}` } });
    };
    await joined(refuses, { node_id: 'a' });
    await joined(refuses, { node_id: 'b' });
    for (let i = 0; i < 4; i++) expect(await chat()).toMatchObject({ status: 400, text: expect.stringContaining('no from') as string });
    const views = await Promise.all(['a', 'b'].map((nodeId) => nodeOf(scheduler.port, nodeId)));
    expect(views.map(({ failing_models: models }) => models)).toEqual([[], []]);
  });

  it.each([
    ['nope', 1],
    ['bad_request', 0],
  ])('the only node fails each job with %s -> shown as failing: %i, and still gets every job', async (code, shown) => {
    const { jobs, node } = await joined(
      (socket, assign) => {
        report(socket, assign, { success: false, error: { code, message: 'cannot do it' } });
      },
      { node_id: 'only' },
    );
    for (let i = 0; i < 5; i++) expect((await chat()).status).toBeGreaterThanOrEqual(400);
    expect(jobs).toHaveLength(5);
    const { failing_models: models } = await nodeOf(scheduler.port, node.nodeId);
    expect(models).toHaveLength(shown);
    if (shown > 0) expect(models).toMatchObject([{ failures: 5, takes_jobs: true, last_error: { code, message: 'cannot do it' } }]);
  });

  it('one attempt only -> fails at once, as the node reported', async () => {
    await honest('a');
    const { jobs } = await liar(fails);
    const views = [];
    for (let i = 0; i < 2; i++) {
      const jobId = await submitted(scheduler.port, { max_attempts: 1 });
      views.push(
        await until('the end', async () => {
          const view = await jobOf(scheduler.port, jobId);
          return view.finished_at === null ? undefined : view;
        }),
      );
    }
    expect(jobs).toHaveLength(1);
    expect(views.map(({ status }) => status).sort()).toEqual(['failed', 'succeeded']);
  });
});
