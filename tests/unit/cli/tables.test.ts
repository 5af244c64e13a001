// The text output of the commands nodes, explain and doctor.
import { describe, expect, test } from 'vitest';
import type { GpuView, ModelView } from '../../../src/shared/api/agent-view';
import { runtimeView } from '../../support/runtime-views';
import type { JoinStep } from '../../../src/shared/api/app-api';
import { type DoctorReport, doctorExitCode, doctorText } from '../../../src/main/cli/doctor-report';
import { explanationText } from '../../../src/main/cli/explain-command';
import { nodesText } from '../../../src/main/cli/nodes-command';
import { nodeView } from '../../support/app-fakes';
import { availabilityReasonText, countsText } from '../../../src/main/cli/core/availability-text';
import { availabilityOf } from '../../../src/shared/api/availability';
import { AVAILABILITY_TEXTS } from '../../../src/shared/reasons/availability';
import { NOW } from '../../fixtures/app-states/moment';
import { mixedPool, nodeInEachState } from '../../fixtures/app-states/node-states';
import { messageContextOf } from '../../../src/main/cli/core/message-context';

const ENGLISH = messageContextOf({});

describe('nodes', () => {
  test('nodes: no nodes -> a sentence', () => {
    expect(nodesText([], 0, ENGLISH)).toBe('No node has registered.\n');
  });

  test('nodes: a row for each node, the counts, and the details of each node that gets no jobs', () => {
    const base = nodeView('n2').health;
    const nodes = [
      nodeView('n1', {
        since: 0,
        installed_models: [{ model_id: 'm', kind: 'llm', version: '1', enabled: true }],
        capability_state: { m: 'ready' },
      }),
      nodeView('n2', {
        name: 'evil\u001b[2J',
        status: 'registering',
        reason: 'warming up',
        since: 60_000,
        last_heartbeat_at: 60_000,
        online: false,
        hardware: { cpu_cores: 1, memory_gb: 1, gpus: [{ name: 'RTX', memory_gb: 24, simulated: true }] },
        health: {
          ...base,
          consecutive_successes: 1,
          required_successes: 3,
          failed_checks: [{ check: 'models', code: 'model_not_ready', message: 'none' }],
        },
      }),
    ];
    expect(nodesText(nodes, 120_000, ENGLISH)).toBe(
      [
        'NODE  NAME           AVAILABILITY  REASON                  FOR    GPUS                   MODELS READY  JOBS',
        'n1    n1             available     0 of 4 slots in use     2 min  RTX 4090 24 GB         1 of 1        0/4',
        'n2    evil\\u001b[2J  disconnected  no heartbeat for 1 min  1 min  RTX 24 GB (simulated)  0 of 0        0/4',
        '',
        '2 nodes, 1 ready: 1 available.',
        '',
        'n2: warming up (1 of 3 checks; model_not_ready: none)',
        '',
      ].join('\n'),
    );
  });
});

describe('nodes: availability', () => {
  test('every state -> its name and its reason with numbers', () => {
    const rows = nodeInEachState().map(
      (node) => `${AVAILABILITY_TEXTS[availabilityOf(node).state].en}: ${availabilityReasonText(node, NOW)}`,
    );
    expect(rows).toEqual([
      'available: 1 of 4 slots in use',
      'full: 4 of 4 slots in use',
      'full: 4 of 4 slots in use, 12 more after successful jobs',
      'busy: CPU 71 %, limit 60 %',
      'busy: GPU 71 %, limit 25 %',
      'busy: memory 93 %, limit 90 %',
      'busy: memory 98 %, limit 90 %; 1.3 GB of memory available, 2 GB needed',
      'busy: load not reported yet',
      'paused: stopped by its owner',
      'paused: drained by an operator: driver update',
      'draining: 2 jobs left, deadline in 57 min',
      'registering: 2 of 3 checks',
      'degraded: model not ready',
      'asleep: for 3 h',
      'disconnected: no heartbeat for 38 s',
      'offline: stopped by its owner: Muster was quit',
      'offline: no heartbeat for 2 h',
    ]);
  });

  test('mixed pool -> ready nodes by state', () => {
    expect(countsText(mixedPool())).toBe('48 nodes, 42 ready: 29 available, 6 full, 7 busy');
    expect(countsText([nodeView('n1', { online: false })])).toBe('1 node, none ready');
  });

  test('busy node -> each load with its limit, and where the limit is set', () => {
    const [busy] = nodeInEachState().filter(({ name }) => name === 'busy-cpu');
    expect(nodesText(busy === undefined ? [] : [busy], NOW, ENGLISH)).toContain(
      'node-busy-cpu: its owner uses 71 % of the CPU, limit 60 % (set by its owner, who can change agent.share or agent.limits.cpu_percent)\n',
    );
  });
});

test.each([
  [
    'operator' as const,
    'disk swap',
    'n1: drain complete; drain requested by an operator, resume with: muster resume n1; reason: disk swap\n',
  ],
  ['node' as const, null, 'n1: drain complete; drain requested by the node, until it resumes or registers again\n'],
])('nodes: drained by %s with reason %j -> who requested the drain and how it ends', (by, reason, line) => {
  const drained = nodeView('n1', {
    status: 'offline',
    reason: 'drain complete',
    drain: { by, reason, requested_at: 0, deadline_at: null },
  });
  expect(nodesText([drained], 0, ENGLISH)).toContain(`\n\n${line}`);
});

test('explain: the selected node, eligible nodes, and every exclusion as text', () => {
  const text = explanationText({
    chosen: 'n1',
    nodes_total: 3,
    reasons: { status_not_ready: { count: 1, examples: ['n3'] } },
    nodes: [
      { node_id: 'n1', excluded: [] },
      { node_id: 'n2', excluded: [] },
      {
        node_id: 'n3',
        excluded: [
          { filter: 'status', code: 'status_not_ready', wanted: 'ready', found: { status: 'offline', reason_code: 'drain_complete' } },
        ],
      },
    ],
  });
  expect(text).toBe(
    [
      'This job would go to n1.',
      '',
      'NODE  RESULT            DETAIL',
      'n1    selected',
      'n2    eligible',
      'n3    status_not_ready  status offline: drained, all jobs finished',
      '',
    ].join('\n'),
  );
});

const unknown = { known: false, reason: 'not_reported' } as const;
const gpu = (change: Partial<GpuView>): GpuView => ({
  key: 'k',
  index: 0,
  uuid: null,
  name: 'RTX 4090',
  vendor: 'nvidia',
  memory_gb: 24,
  unified_memory: false,
  driver_version: null,
  mig: false,
  simulated: false,
  accepted: true,
  refusal_code: null,
  refusal_detail: null,
  available: true,
  fault_code: null,
  utilization_percent: unknown,
  memory_used_gb: unknown,
  memory_total_gb: unknown,
  temperature_c: unknown,
  power_w: unknown,
  power_limit_w: unknown,
  source: 'nvidia-smi',
  ...change,
});
const FREE = { host: '127.0.0.1', port: 7080, state: 'free', reason: null, program: null } as const;
const NETWORK = { scheduler: null, listen: FREE, ollama_port: null, is_host: false, cluster_bus: null } as const;
const report = (gpus: GpuView[], change: Partial<DoctorReport> = {}): DoctorReport => ({
  version: '1.2.3',
  hardware: {
    cpu_model: null,
    cpu_cores: 8,
    memory_gb: 32,
    platform: 'linux',
    os_name: null,
    gpus,
    trace: [],
    cpu_percent: null,
    mem_percent: null,
    read_at: null,
    read_took_ms: null,
  },
  models: [],
  runtimes: [],
  model_problems: [],
  model_folders: [],
  network: NETWORK,
  folders: [{ name: 'data', path: '/data', writable: true, reason: null }],
  ...change,
});
const failing = (step: JoinStep['step'], code: string): DoctorReport['network'] => ({
  ...NETWORK,
  scheduler: { address: 'x', steps: [{ step, outcome: 'failed', code, details: {}, duration_ms: 1 }] },
});
const unwritable: DoctorReport['folders'] = [{ name: 'state', path: '/state', writable: false, reason: 'EACCES' }];

test.each<[string, DoctorReport, number]>([
  ['no problem', report([gpu({})]), 0],
  ['there is no GPU', report([]), 4],
  ['the only GPU is refused', report([gpu({ accepted: false, available: false, refusal_code: 'virtual_adapter' })]), 4],
  ['the only GPU is lost', report([gpu({ available: false, fault_code: 'gpu_lost' })]), 4],
  ['the scheduler cannot be reached', report([gpu({})], { network: failing('port', 'refused') }), 5],
  ['the scheduler does not answer', report([gpu({})], { network: failing('http', 'timeout') }), 7],
  ['the token is wrong', report([gpu({})], { network: failing('token', 'unauthorized') }), 6],
  ['a folder cannot be written', report([gpu({})], { folders: unwritable }), 1],
  ['the bus refuses', report([gpu({})], { network: { ...NETWORK, cluster_bus: { problems: [{ code: 'auth', detail: '' }] } } }), 6],
  ['there is no GPU, and other checks fail', report([], { network: failing('port', 'refused'), folders: unwritable }), 4],
])('exit code: %s', (_title, found, code) => {
  expect(doctorExitCode(found)).toBe(code);
});

test('doctor: no usable GPU -> a hint at --simulate-gpu', () => {
  expect(doctorText(report([]), ENGLISH)).toContain('--simulate-gpu "RTX 4090:24"');
  expect(doctorText(report([gpu({})]), ENGLISH)).not.toContain('--simulate-gpu');
});

test('doctor: no scheduler is configured -> said, but not on the host of the pool', () => {
  const { network } = report([]);
  expect(doctorText(report([]), ENGLISH)).toMatch(/scheduler +not configured/);
  expect(doctorText(report([], { network: { ...network, is_host: true } }), ENGLISH)).toMatch(/scheduler +runs here/);
});

test('doctor: a verdict with its reason for each GPU', () => {
  const text = doctorText(
    report([
      gpu({}),
      gpu({
        name: 'Basic Display',
        memory_gb: null,
        accepted: false,
        available: false,
        refusal_code: 'virtual_adapter',
        refusal_detail: 'QXL',
      }),
      gpu({ name: 'A100', available: false, fault_code: 'gpu_lost', simulated: true }),
    ]),
    ENGLISH,
  );
  expect(text).toContain('GPUs: 1 usable\n');
  expect(text).toMatch(/RTX 4090 +24 GB +accepted\n/);
  expect(text).toMatch(/Basic Display +unknown memory +refused: virtual_adapter +QXL\n/);
  expect(text).toMatch(/A100 \(simulated\) +24 GB +accepted, not usable now: gpu_lost\n/);
  expect(text).toMatch(/data +yes +\/data\n/);
});

test('doctor: the model server at each address, and the models of each model server', () => {
  const model: ModelView = {
    model_id: 'llama3.2:latest',
    kind: 'llm',
    version: 'a80c',
    src_lang: null,
    tgt_lang: null,
    folder: '',
    runtime_id: 'http://127.0.0.1:11434',
    state: 'ready',
    reason_code: 'cold',
    tasks: ['/v1/completions', '/v1/embeddings'],
    details: {},
    size_bytes: null,
    progress: null,
    checked_at: null,
  };
  const silent = runtimeView({
    url: 'http://127.0.0.1:8000',
    type: 'openai-compatible',
    version: null,
    state: 'not_running',
    reason_code: 'refused',
  });
  const text = doctorText(report([], { runtimes: [runtimeView({}), silent], models: [model] }), ENGLISH);
  expect(text).toMatch(/http:\/\/127\.0\.0\.1:11434 +ollama 0\.12\.6 +running +ok\n/);
  expect(text).toMatch(/http:\/\/127\.0\.0\.1:8000 +- +not_running +refused\n/);
  expect(text).toMatch(/llama3\.2:latest +ready +cold +\/v1\/completions \/v1\/embeddings +http:\/\/127\.0\.0\.1:11434\n/);
  expect(doctorText(report([], { models: [{ ...model, tasks: [] }] }), ENGLISH)).toMatch(/ready +cold +none: no program runs it +http/);
  expect(doctorText(report([]), ENGLISH)).toContain('Model servers\nNo address is probed.\n');
  const pull = { ...model, state: 'downloading', reason_code: 'pulling', progress: 0.25 } as const;
  const pulls: ModelView[] = [
    { ...pull, model_id: 'pulling', details: { completed_bytes: 250, total_bytes: 1000 } },
    { ...pull, model_id: 'starting', details: { completed_bytes: 0, total_bytes: 0 }, progress: null },
    {
      ...pull,
      model_id: 'failed',
      state: 'error',
      reason_code: 'pull_refused',
      details: { runtime_message: 'no space left' },
      progress: null,
    },
  ];
  const pulled = doctorText(report([], { models: pulls }), ENGLISH);
  expect(pulled).toMatch(/pulling +downloading +pulling 250 of 1000 bytes \(25 %\) /);
  expect(pulled).toMatch(/starting +downloading +pulling /);
  expect(pulled).toMatch(/failed +error +pull_refused: no space left /);
});
