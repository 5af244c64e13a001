// Random messages of every type: of nodes, of schedulers, and of joining by digits. In process each is decoded and handled without an
// exception, a long turn, or growth. Over sockets, beside honest traffic, a bad message ends its own connection at most.
// `npm run test:long` runs 10,000 and 200 for each type. MUSTER_FAULT_SEED repeats a run.
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { HOST_START, stepHost } from '../../src/main/joining/core/host-machine';
import { type JoinClaims, parseHostMessage, parseJoinerMessage } from '../../src/main/joining/core/join-messages';
import { JOINER_START, stepJoiner } from '../../src/main/joining/core/joiner-machine';
import { joinCrypto, joinerKey } from '../../src/main/joining/join-crypto';
import { decodeNodeMessage, decodeSchedulerMessage } from '../../src/shared/protocol/decode';
import { brokenFrame, SAMPLES } from '../support/broken-frames';
import { liveHeapBytes } from '../support/heap';
import { HonestTraffic } from '../support/honest-traffic';
import { memoryScheduler } from '../support/memory-scheduler';
import { faultSeed, isLong, repetitions } from '../support/repetitions';
import { caOf, openTls, shared } from '../support/shared-scheduler';
import { registration, TestNode } from '../support/test-node';
import { startTestScheduler } from '../support/test-scheduler';
import { submission } from '../support/job-pool';
import { until } from '../support/until';

const IN_PROCESS = repetitions({ few: 250, many: 10_000 }, 'MUSTER_RANDOM_CASES');
const OVER_SOCKETS = repetitions({ few: 10, many: 200 }, 'MUSTER_RANDOM_SOCKET_CASES');
const MAX_CPU_MS = 50;
const MAX_GROWTH_BYTES = 50 * 1024 * 1024;
/** 30 attempts are allowed in an hour. */
const BETWEEN_ATTEMPTS_MS = 120_000;
/** Twenty invalid messages within ten seconds end a connection, and an address may register one new node each second. */
const BETWEEN_FRAMES_MS = 1000;
/** The honest node answers each ping of the scheduler meanwhile. */
const STEP_MS = 10_000;
const TIMEOUT_MS = isLong ? 600_000 : 60_000;
const seed = faultSeed();

const text32 = 'A'.repeat(43);
const CLAIMS: JoinClaims = { name: 'n', gpus: [{ name: 'g', memory_gb: 24 }], roles: ['node', 'client'] };
const NODE = { node_id: 'mine', timestamp: 1 };
const OF_JOINER: Readonly<Record<string, object>> = {
  hello: { type: 'hello', key: joinerKey().key, commitment: text32 },
  reveal: { type: 'reveal', nonce: text32, proof: 'A'.repeat(86), ...CLAIMS },
  same: { type: 'same' },
  different: { type: 'different' },
};
const OF_HOST: Readonly<Record<string, object>> = {
  nonce: { type: 'nonce', nonce: text32 },
  busy: { type: 'busy', retry_after_seconds: 1 },
  denied: { type: 'denied' },
  approved: { type: 'approved', credential: `mn_${text32}`, member_id: 'm', pool_name: 'p', addresses: ['10.0.0.1'] },
};
const OF_SCHEDULER: Readonly<Record<string, object>> = {
  node_register_ack: { type: 'node_register_ack', ...NODE, node_token: 't', status: 'registering', heartbeat_interval_seconds: 15 },
  node_status: { type: 'node_status', ...NODE, status: 'ready', reason_code: 'health_check_passed', reason: 'r' },
  node_error: { type: 'node_error', code: 'INVALID_MESSAGE', message: 'm', details: { field: 'f', reason: 'r' } },
  job_assign: { type: 'job_assign', job_id: 'j', attempt: 1, ...submission(), trace_id: 't' },
  job_cancel: { type: 'job_cancel', job_id: 'j', attempt: 1, reason: 'r' },
  job_result_ack: { type: 'job_result_ack', job_id: 'j', attempt: 1 },
  load_request: { type: 'load_request', node_id: 'mine' },
};

function cpuMsOf(call: () => unknown): number {
  const before = process.threadCpuUsage();
  call();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

async function checkAll(sample: object, handle: (text: string) => unknown): Promise<void> {
  const before = liveHeapBytes();
  await fc.assert(
    fc.asyncProperty(brokenFrame(sample), async (text) => {
      let cpuMs = cpuMsOf(() => handle(text));
      // A garbage collection may fall into any case.
      for (let again = 0; again < 2 && cpuMs > MAX_CPU_MS; again++)
        cpuMs = Math.min(
          cpuMs,
          cpuMsOf(() => handle(text)),
        );
      expect(cpuMs).toBeLessThan(MAX_CPU_MS);
      await Promise.resolve();
    }),
    { numRuns: IN_PROCESS, seed },
  );
  expect(liveHeapBytes() - before).toBeLessThan(MAX_GROWTH_BYTES);
}

describe(`seed ${String(seed)}: random messages in process -> no exception, each at most ${String(MAX_CPU_MS)} ms of CPU, heap bounded`, () => {
  test.each(Object.entries(SAMPLES))('node: %s', { timeout: TIMEOUT_MS }, async (_type, sample) => {
    const { open } = memoryScheduler();
    const { session, link } = open();
    const pending: Promise<unknown>[] = [];
    const receive = (text: string): void => {
      const message = decodeNodeMessage(text);
      if (message.ok) pending.push(Promise.resolve(session.receive(message.value)));
    };
    receive(JSON.stringify(registration({ node_id: 'mine' })));
    await checkAll(sample, (text) => {
      receive(text);
      link.sent.length = 0;
    });
    await Promise.all(pending);
  });

  test.each(Object.entries(OF_SCHEDULER))('scheduler: %s', { timeout: TIMEOUT_MS }, async (_type, sample) => {
    await checkAll(sample, (text) => decodeSchedulerMessage(text));
  });

  const context = { pin: 'p', exporter: 'e', nonce: text32 };
  test.each(Object.entries(OF_JOINER))('newcomer: %s', { timeout: TIMEOUT_MS }, async (_type, sample) => {
    await checkAll(sample, (text) => {
      const [afterHello] = stepHost(
        HOST_START,
        { type: 'message', message: parseJoinerMessage(JSON.stringify(OF_JOINER['hello'])) },
        context,
        joinCrypto,
      );
      for (const state of [HOST_START, afterHello])
        stepHost(state, { type: 'message', message: parseJoinerMessage(text) }, context, joinCrypto);
    });
  });

  test.each(Object.entries(OF_HOST))('host: %s', { timeout: TIMEOUT_MS }, async (_type, sample) => {
    const { key, crypto } = joinerKey();
    const own = { ...context, key, claims: CLAIMS };
    const [opened] = stepJoiner(JOINER_START, { type: 'opened' }, own, crypto);
    await checkAll(sample, (text) => stepJoiner(opened, { type: 'message', message: parseHostMessage(text) }, own, crypto));
  });
});

describe(`seed ${String(seed)}: random messages of nodes over sockets`, () => {
  test.each(Object.entries(SAMPLES))(
    '%s -> at most its own connection ends, honest node available beside, heap bounded',
    { timeout: TIMEOUT_MS },
    async (_type, sample) => {
      const scheduler = await startTestScheduler({
        nodeHealth: { heartbeatTimeoutSeconds: 1e6, warmupTimeoutSeconds: 1e6 },
        scheduler: { statusPushIntervalSeconds: 0 },
      });
      onTestFinished(() => scheduler.stop());
      const honest = await HonestTraffic.start(scheduler);
      const before = liveHeapBytes();
      let node = await TestNode.registered(scheduler.url, { node_id: 'mine' });
      await fc.assert(
        fc.asyncProperty(brokenFrame(sample), async (text) => {
          if (node.socket.readyState !== WebSocket.OPEN) node = await TestNode.registered(scheduler.url);
          node.sendRaw(text);
          // A heartbeat of the honest node beside each frame. Time passes, so that few invalid messages come at once.
          await honest.beat();
          scheduler.clock.advance(BETWEEN_FRAMES_MS);
        }),
        { numRuns: OVER_SOCKETS, seed },
      );
      expect(scheduler.log.of('internal_error')).toEqual([]);
      honest.expectUnharmed(await honest.stop());
      node.received.length = 0;
      expect(liveHeapBytes() - before).toBeLessThan(MAX_GROWTH_BYTES);
    },
  );
});

describe(`seed ${String(seed)}: random messages of joining over sockets`, () => {
  test.each(Object.entries(OF_JOINER))(
    '%s -> its connection ends, honest node available beside',
    { timeout: TIMEOUT_MS },
    async (type, sample) => {
      const scheduler = await shared({}, { heartbeatTimeoutSeconds: 1e6, warmupTimeoutSeconds: 1e6 });
      onTestFinished(() => scheduler.stop());
      const invited = { authorization: `Bearer ${scheduler.invitation}` };
      const honest = await HonestTraffic.start(scheduler, invited);
      const ca = caOf(scheduler);
      const bad = brokenFrame(sample).filter((text) => parseJoinerMessage(text) === null || type !== 'hello');
      await fc.assert(
        fc.asyncProperty(bad, async (text) => {
          const socket = await openTls(scheduler.port, ca);
          const ws = new WebSocket(`ws://127.0.0.1:${String(scheduler.port)}/ws/join`, { createConnection: () => socket });
          let isClosed = false;
          ws.on('close', () => (isClosed = true)).on('error', () => undefined);
          ws.on('open', () => {
            ws.send(text);
            // A valid first message waits for the next one, which is wrong.
            ws.send('{}');
          });
          await until('the end of the connection', () => isClosed);
          // So that every case is read, and not refused as one too many.
          for (let ms = 0; ms < BETWEEN_ATTEMPTS_MS; ms += STEP_MS) {
            scheduler.clock.advance(STEP_MS);
            await honest.beat();
          }
        }),
        { numRuns: OVER_SOCKETS, seed },
      );
      honest.expectUnharmed(await honest.stop());
    },
  );
});
