// The text output and the exit code of `muster doctor`.
import { expect, test } from 'vitest';
import type { GpuView, ModelView } from '../../../src/shared/api/agent-view';
import { gpuView } from '../../fixtures/app-states/gpus';
import { runtimeView } from '../../support/runtime-views';
import type { JoinStep } from '../../../src/shared/api/app-api';
import { type DoctorReport, doctorExitCode, doctorText } from '../../../src/main/cli/doctor-report';
import { messageContextOf } from '../../../src/main/cli/core/message-context';

const ENGLISH = messageContextOf({});

const FREE = { host: '127.0.0.1', port: 7080, state: 'free', reason: null, program: null } as const;
const NETWORK = { scheduler: null, listen: FREE, ollama_port: null, is_host: false, cluster_database: null, cluster_bus: null } as const;
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
  simulated_gpus: [],
  ...change,
});
const failing = (step: JoinStep['step'], code: string): DoctorReport['network'] => ({
  ...NETWORK,
  scheduler: { address: 'x', steps: [{ step, outcome: 'failed', code, details: {}, duration_ms: 1 }] },
});
const unwritable: DoctorReport['folders'] = [{ name: 'state', path: '/state', writable: false, reason: 'EACCES' }];

test.each<[string, DoctorReport, number]>([
  ['no problem', report([gpuView()]), 0],
  ['there is no GPU', report([]), 4],
  ['the only GPU is refused', report([gpuView({ accepted: false, available: false, refusal_code: 'virtual_adapter' })]), 4],
  ['the only GPU is lost', report([gpuView({ available: false, fault_code: 'gpu_lost' })]), 4],
  ['the scheduler cannot be reached', report([gpuView()], { network: failing('port', 'refused') }), 5],
  ['the scheduler does not answer', report([gpuView()], { network: failing('http', 'timeout') }), 7],
  ['the token is wrong', report([gpuView()], { network: failing('token', 'unauthorized') }), 6],
  ['a folder cannot be written', report([gpuView()], { folders: unwritable }), 1],
  ['no usable GPU, but the running node simulates GPUs', report([], { simulated_gpus: ['L4 24 GB'] }), 0],
  [
    'the bus refuses, and there is no GPU',
    report([], { network: { ...NETWORK, cluster_bus: { problems: [{ code: 'auth', detail: '' }] } } }),
    6,
  ],
  [
    'the database cannot be reached',
    report([gpuView()], {
      network: {
        ...NETWORK,
        cluster_database: { problems: [{ code: 'unreachable', detail: '' }], server_version: null, answer_ms: null },
      },
    }),
    5,
  ],
  ['the bus refuses', report([gpuView()], { network: { ...NETWORK, cluster_bus: { problems: [{ code: 'auth', detail: '' }] } } }), 6],
  ['there is no GPU, and other checks fail', report([], { network: failing('port', 'refused'), folders: unwritable }), 4],
])('exit code: %s', (_title, found, code) => {
  expect(doctorExitCode(found)).toBe(code);
});

test('doctor: no usable GPU -> a hint at --simulate-gpu', () => {
  expect(doctorText(report([]), ENGLISH)).toContain('--simulate-gpu "RTX 4090:24"');
  expect(doctorText(report([gpuView()]), ENGLISH)).not.toContain('--simulate-gpu');
});

test('doctor: no usable GPU beside a node that simulates its GPUs -> said instead of the hint', () => {
  const text = doctorText(report([], { simulated_gpus: ['RTX 4090 24 GB', 'L4 24 GB'] }), ENGLISH);
  expect(text).toContain('The node that runs on this computer simulates its GPUs: RTX 4090 24 GB, L4 24 GB.\n');
  expect(text).not.toContain('--simulate-gpu');
});

test('doctor: no scheduler is configured -> said, but not on the host of the pool', () => {
  const { network } = report([]);
  expect(doctorText(report([]), ENGLISH)).toMatch(/scheduler +not configured/);
  expect(doctorText(report([], { network: { ...network, is_host: true } }), ENGLISH)).toMatch(/scheduler +runs here/);
});

test('doctor: a verdict with its reason for each GPU', () => {
  const text = doctorText(
    report([
      gpuView(),
      gpuView({
        name: 'Basic Display',
        memory_gb: null,
        accepted: false,
        available: false,
        refusal_code: 'virtual_adapter',
        refusal_detail: 'QXL',
      }),
      gpuView({ name: 'A100', available: false, fault_code: 'gpu_lost', simulated: true }),
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
  const tasks = ['/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/v1/rerank'] as const;
  expect(doctorText(report([], { models: [{ ...model, tasks: [...tasks] }] }), ENGLISH)).toMatch(
    /cold +\/v1\/chat\/completions \/v1\/completions and 2 more +http/,
  );
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
