// Downloads of configured models by Ollama, over real sockets: its documented answers and every fault. In a real pool, a node is
// ready while it downloads a model, and then gets the job that waited for the model.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HttpRuntime } from '../../src/main/runtimes/http/http-runtime';
import type { PullEnd, PullProgress } from '../../src/main/runtimes/core/pulls/pull';
import type { Pull } from '../../src/main/runtimes/runtime';
import type { NodeView } from '../../src/shared/api/node-view';
import { sendRequest } from '../support/http-api';
import { useRuntimeBench } from '../support/http-runtime-bench';
import { chatTask, jobOf, submitted } from '../support/job-pool';
import { ManualClock } from '../support/manual-clock';
import { MusterLab } from '../support/muster-process';
import { LAYER, openOllama, type PullAnswer, pulling } from '../support/stand-ins/ollama';
import { openVllm } from '../support/stand-ins/vllm';
import { until } from '../support/until';

const bench = useRuntimeBench();
const MODEL = 'llama3.2:3b';

interface Pulled {
  readonly end: PullEnd;
  readonly progress: readonly PullProgress[];
}

/** The download of a runtime, after a probe has found that it can download. */
async function pullOf(runtime: HttpRuntime): Promise<Pull> {
  await runtime.probe();
  const { pull } = runtime;
  if (pull === undefined) throw new Error('the runtime cannot download');
  return pull;
}

async function pull(answer: (to: PullAnswer) => void): Promise<Pulled> {
  const runtime = bench.runtime(await bench.use(openOllama({ loaded: true, pull: (_model, to) => answer(to) })));
  const progress: PullProgress[] = [];
  const end = await (await pullOf(runtime))(MODEL, (seen) => progress.push(seen), new AbortController().signal);
  return { end, progress };
}
const failed = (code: string, message: string | null) => ({ end: 'failed', code, message });

describe('pull', () => {
  test('started -> request of the API, bytes reported until the model is there', async () => {
    const state = { loaded: true, pulled: [] };
    const standIn = await bench.use(openOllama(state));
    const seen: string[] = [];
    const runtime = bench.runtime(standIn);
    const end = await (
      await pullOf(runtime)
    )(MODEL, ({ status, completedBytes }) => seen.push(`${status} ${String(completedBytes)}`), new AbortController().signal);
    expect(end).toEqual({ end: 'done' });
    expect(JSON.parse(String(standIn.requests.find(({ path }) => path === '/api/pull')?.body))).toEqual({ model: MODEL, stream: true });
    expect(seen).toContain('pulling dde5aa3fc5ff 504844344');
    expect((await runtime.probe()).models.map(({ model }) => model.model_id)).toContain(MODEL);
  });

  test.each<[string, (answer: PullAnswer) => void, object]>([
    [
      'an error in the stream, with status 200',
      (answer) => {
        answer.line({ status: 'pulling manifest' });
        answer.line({ error: 'pull model manifest: file does not exist' });
        answer.end();
      },
      failed('pull_unknown', 'pull model manifest: file does not exist'),
    ],
    [
      'a full disk',
      (answer) => {
        answer.line(pulling(LAYER, 10, 5));
        answer.line({ error: 'write /models/blobs/sha256-x-partial: no space left on device' });
        answer.end();
      },
      failed('pull_refused', 'write /models/blobs/sha256-x-partial: no space left on device'),
    ],
    ['a refusal with a status', (answer) => answer.refuse(400, 'invalid model name'), failed('pull_refused', 'invalid model name')],
    ['connection lost', (answer) => answer.cut(), failed('pull_broken', 'broken')],
    [
      'an end without success',
      (answer) => {
        answer.line({ status: 'pulling manifest' });
        answer.end();
      },
      failed('pull_broken', 'ended_early'),
    ],
    ['not JSON', (answer) => answer.line('<html>\n'), failed('pull_unreadable', null)],
    ['a line without end', (answer) => answer.line('x'.repeat(100_000)), failed('pull_unreadable', null)],
    [
      'lines in pieces, and a last one without its end',
      (answer) => {
        answer.line('{"status":"pulling man');
        answer.line('ifest"}\n\n{"status":"succ');
        answer.line('ess"}');
        answer.end();
      },
      { end: 'done' },
    ],
  ])('answer: %s -> end of the pull', async (_what, answer, expected) => {
    expect((await pull(answer)).end).toEqual(expected);
  });

  test('other programs -> no pull', async () => {
    const runtime = bench.runtime(await bench.use(openVllm()));
    await runtime.probe();
    expect(runtime.pull).toBeUndefined();
  });

  test('program ended -> failed', async () => {
    const standIn = await openOllama();
    const pullGone = await pullOf(bench.runtime(standIn));
    await standIn.close();
    expect(await pullGone(MODEL, () => undefined, new AbortController().signal)).toEqual(failed('pull_broken', 'refused'));
  });

  test('stopped -> download ends at once, in Ollama, too', async () => {
    const abort = new AbortController();
    let isDisconnected = false;
    const answer = (to: PullAnswer) => {
      to.onDisconnect(() => (isDisconnected = true));
      to.line(pulling(LAYER, 10, 5));
    };
    const runtime = bench.runtime(await bench.use(openOllama({ loaded: true, pull: (_model, to) => answer(to) })));
    expect(
      await (
        await pullOf(runtime)
      )(
        MODEL,
        () => {
          abort.abort();
        },
        abort.signal,
      ),
    ).toEqual({ end: 'stopped' });
    await until('the request to Ollama to end', () => isDisconnected);
  });

  test('no progress for five minutes -> stalled; during the checksum -> after an hour', async () => {
    const clock = new ManualClock();
    let to: PullAnswer | null = null;
    const runtime = bench.runtime(await bench.use(openOllama({ loaded: true, pull: (_model, answer) => (to = answer) })), { clock });
    const seen: PullProgress[] = [];
    const pullSlowly = await pullOf(runtime);
    const end = pullSlowly(MODEL, (progress) => seen.push(progress), new AbortController().signal);
    const say = async (line: object) => {
      const count = seen.length;
      (await until('the request', () => to)).line(line);
      await until('the line', () => seen.length > count);
    };
    await say(pulling(LAYER, 10, 10));
    clock.advance(59 * 60_000);
    await say(pulling(LAYER, 10, 5));
    clock.advance(4 * 60_000);
    await say(pulling(LAYER, 10, 5));
    expect(seen).toHaveLength(3);
    clock.advance(60_000);
    expect(await end).toEqual(failed('pull_stalled', null));
  });
});

/** Reads the node of the pool with its models, which the list leaves out. */
async function onlyNode(port: number): Promise<() => Promise<NodeView>> {
  const { nodes } = (await sendRequest(port, { path: '/api/v1/nodes' })).json() as { readonly nodes: NodeView[] };
  const path = `/api/v1/nodes/${nodes[0]?.node_id ?? ''}`;
  return async () => (await sendRequest(port, { path })).json() as NodeView;
}

describe('pool with a node that downloads', () => {
  let lab: MusterLab;
  beforeEach(() => {
    lab = new MusterLab();
  });
  afterEach(() => lab.close());
  const config = (url: URL) => `[server]
port = 0
[scheduler.load_balancer]
resource_threshold = 100
[scheduler.node_health]
heartbeat_interval_seconds = 0.5
heartbeat_timeout_seconds = 5
[runtimes]
look_for_local = false
urls = ["${url.origin}"]
pull_models = ["${MODEL}"]
`;

  test('download under way -> node ready, progress shown; complete -> waiting job runs', async () => {
    let answer: PullAnswer | null = null;
    const state = { loaded: true, pulled: [] as string[], pull: (_model: string, to: PullAnswer) => (answer = to) };
    const ollama = await bench.use(openOllama(state));
    const folder = lab.dataDir('pool', config(ollama.url));
    const pool = lab.start(['pool', '--data-dir', folder, '--simulate-gpu', 'Test:24']);
    const port = Number(new URL(await pool.url()).port);
    await pool.line('node_status_changed', { to: 'ready' });
    const to = await until<PullAnswer>('the pull', () => answer);
    to.line(pulling(LAYER, 1000, 250));
    const node = await onlyNode(port);
    expect(await node()).toMatchObject({ status: 'ready', capability_state: { [MODEL]: 'downloading', 'llama3.2:latest': 'ready' } });
    expect((await node()).installed_models?.map(({ model_id: id }) => id)).not.toContain(MODEL);
    const job = await submitted(port, { task: chatTask('hello', MODEL) });
    expect(await jobOf(port, job)).toMatchObject({
      status: 'queued',
      waiting: { nodes: [{ excluded: [{ code: 'model_not_available', found: { models: { [MODEL]: 'downloading' } } }] }] },
    });
    const doctor = async () => (await lab.run(['doctor', '--data-dir', folder, '--simulate-gpu', 'Test:24'])).stdout;
    await until('the figures in the doctor', async () =>
      /llama3\.2:3b +downloading +pulling 250 of 1000 bytes \(25 %\)/.test(await doctor()),
    );
    state.pulled.push(MODEL);
    to.line({ status: 'success' });
    to.end();
    const ended = await until(
      'the end of the job',
      async () => ((await jobOf(port, job)).finished_at === null ? null : jobOf(port, job)),
      20_000,
    );
    expect(ended).toMatchObject({ status: 'succeeded', attempts: [{ outcome: 'succeeded' }] });
    expect((await node()).capability_state).toMatchObject({ [MODEL]: 'ready' });
    expect(await doctor()).toMatch(/llama3\.2:3b +ready +/);
    state.pulled.length = 0;
    await pool.end();
    expect(await doctor()).toMatch(/llama3\.2:3b +not_installed +pull_wanted /);
  });

  test('download fails -> reason shown, node ready', async () => {
    const pull = (_model: string, to: PullAnswer) => {
      to.line({ error: 'pull model manifest: file does not exist' });
      to.end();
    };
    const ollama = await bench.use(openOllama({ loaded: true, pull }));
    const pool = lab.start(['pool', '--data-dir', lab.dataDir('pool', config(ollama.url)), '--simulate-gpu', 'Test:24']);
    const port = Number(new URL(await pool.url()).port);
    await pool.line('model_pull_failed', { model_id: MODEL, code: 'pull_unknown', reason: 'pull model manifest: file does not exist' });
    await pool.line('node_status_changed', { to: 'ready' });
    expect((await (await onlyNode(port))()).capability_state).toMatchObject({ [MODEL]: 'error' });
  });
});
