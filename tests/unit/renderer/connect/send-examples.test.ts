import { describe, expect, test } from 'vitest';
import { curlExample, PLACEHOLDER, readyModels, submitExample } from '../../../../src/renderer/pages/connect/send-examples';
import type { ModelKind } from '../../../../src/shared/protocol/node-messages';
import type { TakenTasks } from '../../../../src/shared/protocol/task-kinds';

describe('send examples', () => {
  const target = { baseUrl: 'http://host:7080', needsToken: false, platform: 'linux' as const, caFile: null, pin: null };
  const readyOf = (kind: ModelKind, tasks: TakenTasks, model_id = 'm') =>
    readyModels([{ model_id, kind, tasks: tasks === null ? null : [...tasks], nodes_ready: 1 }]);
  const model = (kind: ModelKind, model_id = 'm') => readyOf(kind, null, model_id)[0] ?? PLACEHOLDER;

  test('ready models: language models first', () => {
    const entry = (model_id: string, kind: ModelKind) => ({ model_id, kind, tasks: null, nodes_ready: 1 });
    const ready = readyModels([entry('tts-b', 'tts'), entry('llm-z', 'llm'), entry('llm-a', 'llm')]);
    expect(ready.map(({ model_id }) => model_id)).toEqual(['llm-a', 'llm-z', 'tts-b']);
  });

  test('shared pool with its own CA -> its file for curl, pin for muster', () => {
    const shared = { ...target, baseUrl: 'https://host:7080', needsToken: true, caFile: '/home/a b/ca.pem', pin: 'sha256-x' };
    expect(curlExample(shared, model('llm'))).toContain(
      `curl https://host:7080/v1/chat/completions \\\n  --cacert '/home/a b/ca.pem' \\\n  -H "Auth`,
    );
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
    ['image', ['/v1/images/generations'], '/v1/images/generations', null],
    ['other', ['/v1/moderations'], '/v1/moderations', null],
    ['asr', ['/v1/audio/translations'], '/v1/audio/translations', null],
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

  test.each(['a&calc&b', 'x" & calc', '$(calc)', '`calc`', '%PATH%', '“x”'])('Windows, model %s -> placeholder outside of JSON', (name) => {
    const windows = { ...target, platform: 'windows' as const };
    expect(submitExample(windows, model('llm', name))).toContain('--model MODEL --prompt');
    expect(curlExample(windows, model('asr', name))).toContain('--form-string model=MODEL');
    expect(submitExample(windows, model('llm', '通义 3 (8b)'))).toContain('--model "通义 3 (8b)"');
  });

  test('model named like a file of curl -> sent as text', () => {
    expect(curlExample(target, model('asr', '@/etc/passwd'))).toContain('--form-string model=@/etc/passwd');
  });

  test('Windows -> one line, quoted for its shell', () => {
    const windows = { ...target, needsToken: true, platform: 'windows' as const };
    expect(curlExample(windows, model('embedding'))).toBe(
      'curl http://host:7080/v1/embeddings -H "Authorization: Bearer %MUSTER_KEY%" -H "Content-Type: application/json" -d "{\\"model\\":\\"m\\",\\"input\\":\\"Hello\\"}"',
    );
  });
});
