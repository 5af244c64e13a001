import { describe, expect, test } from 'vitest';
import { bytesOf, fileNameOf, isAudio } from '../../../../src/renderer/pages/jobs/content-bytes';
import { deadlineOf, ranMs, waitedMs } from '../../../../src/renderer/pages/jobs/job-figures';
import { curlExample, modelsInViews, PLACEHOLDER, readyModels, submitExample } from '../../../../src/renderer/pages/jobs/send-examples';
import type { JobStatus } from '../../../../src/shared/api/job';
import type { ModelKind } from '../../../../src/shared/protocol/node-messages';
import type { TakenTasks } from '../../../../src/shared/protocol/task-kinds';
import { appJob, jobRow } from '../../../fixtures/app-states/jobs';
import { nodeView } from '../../../fixtures/app-states/nodes';

describe('waitedMs, ranMs', () => {
  test.each<[string, JobStatus, number | null, number | null, number, number | null]>([
    ['queued, never started', 'queued', null, null, 90, null],
    ['queued again after an attempt', 'queued', 20, null, 90, null],
    ['assigned', 'assigned', null, null, 90, null],
    ['running', 'running', 30, null, 20, 70],
    ['done', 'succeeded', 30, 45, 20, 15],
    ['expired', 'expired', null, 60, 50, null],
    ['cancelled before the start', 'cancelled', null, 60, 50, null],
    ['cancelled, perhaps after a requeue', 'cancelled', 20, 60, 10, null],
    ['started by a node whose clock is behind', 'running', 5, null, 0, 95],
    ['started by a node whose clock is ahead', 'running', 130, null, 120, 0],
  ])('%s', (_what, status, started_at, finished_at, waited, ran) => {
    const job = { status, created_at: 10, started_at, finished_at };
    expect([waitedMs(job, 100), ranMs(job, 100)]).toEqual([waited, ran]);
  });
});

test('deadlineOf: queued -> queue deadline; running -> attempt deadline; ended -> none', () => {
  const attempt = { attempt: 1, node_id: 'node-A', assigned_at: 1000, ended_at: null, outcome: null, error: null };
  const of = (status: JobStatus, started_at: number | null) =>
    deadlineOf(appJob(jobRow({ status }), { timeout_seconds: 5, queue_deadline_at: 77, attempts: [{ ...attempt, started_at }] }));
  expect([of('queued', null), of('assigned', null), of('running', 3000), of('succeeded', 3000)]).toEqual([
    { kind: 'waits_until', atWallMs: 77 },
    { kind: 'ends_until', atWallMs: 6000 },
    { kind: 'ends_until', atWallMs: 8000 },
    null,
  ]);
});

test('deadlineOf: total deadline first -> total deadline', () => {
  const attempts = [{ attempt: 1, node_id: 'node-A', assigned_at: 1000, started_at: 3000, ended_at: null, outcome: null, error: null }];
  const of = (status: JobStatus, total_deadline_at: number) =>
    deadlineOf(appJob(jobRow({ status }), { timeout_seconds: 5, queue_deadline_at: 77, total_deadline_at, attempts }))?.atWallMs;
  expect([of('queued', 76), of('queued', 78), of('running', 7999), of('running', 8001)]).toEqual([76, 77, 7999, 8000]);
});

describe('send examples', () => {
  const target = { baseUrl: 'http://host:7080', needsToken: false, platform: 'linux' as const };
  const readyOf = (kind: ModelKind, tasks: TakenTasks, model_id = 'm') =>
    readyModels([{ model_id, kind, tasks: tasks === null ? null : [...tasks] }]);
  const model = (kind: ModelKind, model_id = 'm') => readyOf(kind, null, model_id)[0] ?? PLACEHOLDER;

  test('ready models: language models first, each once', () => {
    const installed = (model_id: string, kind: ModelKind, enabled = true) => ({ model_id, kind, version: '1', enabled });
    const ready = nodeView('ready', {
      installed_models: [installed('tts-b', 'tts'), installed('llm-z', 'llm'), installed('off', 'llm', false), installed('broken', 'llm')],
      capability_state: { 'tts-b': 'ready', 'llm-z': 'ready', off: 'ready', broken: 'error' },
    });
    const other = nodeView('ready', { installed_models: [installed('llm-a', 'llm'), installed('tts-b', 'tts')], capability_state: null });
    const away = nodeView('ready', { online: false, installed_models: [installed('away', 'llm')], capability_state: null });
    const warming = nodeView('registering', { installed_models: [installed('warming', 'llm')], capability_state: null });
    expect(readyModels(modelsInViews([ready, other, away, warming])).map(({ model_id }) => model_id)).toEqual(['llm-a', 'llm-z', 'tts-b']);
  });

  test('shared pool with its own CA -> ca.pem for curl, pin for muster', () => {
    const shared = { ...target, baseUrl: 'https://host:7080', needsToken: true, pin: 'sha256-x' };
    expect(curlExample(shared, model('llm'))).toContain('curl https://host:7080/v1/chat/completions \\\n  --cacert ca.pem \\\n  -H "Auth');
    expect(submitExample(shared, model('llm'))).toContain('muster submit --url https://host:7080#pin=sha256-x --admin-token-file');
  });

  test.each<[ModelKind, TakenTasks, string | null, string | null]>([
    ['llm', null, '/v1/chat/completions', '--model m --prompt "Hello"'],
    ['other', null, '/v1/chat/completions', '--model m --prompt "Hello"'],
    ['llm', ['/v1/completions'], '/v1/completions', null],
    ['embedding', null, '/v1/embeddings', null],
    ['rerank', null, '/v1/rerank', null],
    ['tts', null, '/v1/audio/speech', null],
    ['tts', ['command'], '/api/v1/jobs', '--task command --prompt "Hello"'],
    ['asr', null, '/v1/audio/transcriptions', null],
    ['asr', ['command'], null, '--task command --input speech.wav'],
    ['nmt', null, '/api/v1/jobs', '--task command --prompt "Hello"'],
    ['vad', null, null, '--task command --input speech.wav'],
    ['image', null, null, '--task command --input picture.png'],
  ])('model of kind %s with tasks %j -> example for %s', (kind, tasks, path, flags) => {
    const [ready] = readyOf(kind, tasks);
    const curl = curlExample(target, ready ?? PLACEHOLDER);
    expect(curl?.split(' ')[1] ?? null).toBe(path === null ? null : `http://host:7080${path}`);
    const submit = submitExample(target, ready ?? PLACEHOLDER);
    if (flags === null) expect(submit).toBeNull();
    else expect(submit).toContain(flags);
  });

  test('model without tasks -> no example', () => {
    expect(readyOf('llm', [])).toEqual([]);
  });

  test('model name with quotes -> stays quoted', () => {
    expect(curlExample(target, model('llm', `it's; rm`))).toContain(`"model":"it'\\''s; rm"`);
    expect(submitExample(target, model('llm', `it's; rm`))).toContain(`--model 'it'\\''s; rm' `);
  });

  test('Windows -> one line, quoted for its shell', () => {
    const windows = { ...target, needsToken: true, platform: 'windows' as const };
    expect(curlExample(windows, model('embedding'))).toBe(
      'curl http://host:7080/v1/embeddings -H "Authorization: Bearer %MUSTER_TOKEN%" -H "Content-Type: application/json" -d "{\\"model\\":\\"m\\",\\"input\\":\\"Hello\\"}"',
    );
  });
});

describe('content bytes', () => {
  test('base64 -> bytes; other text -> null', () => {
    expect([...(bytesOf('AAH/') ?? [])]).toEqual([0, 1, 255]);
    expect(bytesOf('not base64!')).toBeNull();
  });

  test.each([
    ['audio/wav', true, 'job-1.wav'],
    ['Audio/MPEG; rate=1', true, 'job-1.mp3'],
    ['audio/strange', true, 'job-1.bin'],
    ['text/html', false, 'job-1.bin'],
    ['image/png', false, 'job-1.png'],
  ])('type %s', (type, isAudioType, name) => {
    expect([isAudio(type), fileNameOf('job-1', type)]).toEqual([isAudioType, name]);
  });

  test('file name: no path separators', () => {
    expect(fileNameOf('../../x', 'audio/wav')).toBe('______x.wav');
  });
});
