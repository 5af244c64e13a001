import { describe, expect, test } from 'vitest';
import { modelsFor, modelsWithoutTask } from '../../../../src/renderer/components/connect/entry-models';
import type { TaskTarget } from '../../../../src/renderer/components/connect/tasks/calls';
import { TASK_GROUPS, TASK_IDS, type TaskId, TASKS, tasksIn } from '../../../../src/renderer/components/connect/tasks/table';
import type { ReadyPoolModel } from '../../../../src/shared/api/pool-models';
import type { ModelKind } from '../../../../src/shared/protocol/node-messages';
import type { TakenTasks, TaskKind } from '../../../../src/shared/protocol/task-kinds';
import { HOSTILE_NAMES } from './programs/hostile-names';

const local: TaskTarget = {
  baseUrl: 'http://host:7080/v1',
  key: null,
  model: 'm',
  caFile: null,
  platform: 'linux',
  pin: null,
  kind: 'llm',
};
const shared: TaskTarget = { ...local, baseUrl: 'https://host:7080/v1', key: 'mk_secret', caFile: '/home/a b/ca.pem', pin: 'sha256-x' };
const windows: TaskTarget = { ...local, key: 'mk_secret', platform: 'windows' };

const textsOf = (id: TaskId, target: TaskTarget): string[] =>
  TASKS[id].snippets(target).map((snippet) => (snippet.kind === 'code' ? snippet.text : ''));
const textOf = (id: TaskId, target: TaskTarget, index = 0): string => textsOf(id, target)[index] ?? '';

describe('the call of each task', () => {
  test.each<[TaskId, string, string]>([
    ['chat', '/v1/chat/completions', '"messages":[{"role":"user","content":"Hello"}]'],
    ['responses', '/v1/responses', '"input":"Hello"'],
    ['messages', '/v1/messages', '"max_tokens":256'],
    ['completions', '/v1/completions', '"prompt":'],
    ['embeddings', '/v1/embeddings', '"input":"Hello"'],
    ['rerank', '/v1/rerank', '"documents":['],
    ['moderation', '/v1/moderations', '"input":'],
    ['speech', '/v1/audio/speech', '-o speech.wav'],
    ['transcription', '/v1/audio/transcriptions', '-F file=@speech.wav \\\n  --form-string model=m'],
    ['translation', '/v1/audio/translations', '-F file=@speech.wav'],
    ['images', '/v1/images/generations', '-o picture.json'],
    ['queued_job', '/api/v1/jobs', '{"task":{"kind":"openai","path":"/v1/chat/completions","body":{"model":"m"'],
    ['command', '/api/v1/jobs', '{"task":{"kind":"command","model_id":"m","input":"Hello"}}'],
  ])('%s -> %s, with the key and the file of the CA', (id, path, part) => {
    expect(textOf(id, local)).toMatch(new RegExp(`^curl http://host:7080${path} \\\\\n`));
    expect(textOf(id, local)).not.toContain('Authorization');
    expect(textOf(id, local)).toContain(part);
    const lines = textOf(id, shared).split(' \\\n  ');
    expect(lines.slice(0, 3)).toEqual([
      `curl https://host:7080${path}`,
      `--cacert '/home/a b/ca.pem'`,
      `-H 'Authorization: Bearer mk_secret'`,
    ]);
  });

  test('every task is in one group, and its call names its path', () => {
    expect(TASK_GROUPS.flatMap(tasksIn)).toEqual([...TASK_IDS]);
    for (const id of TASK_IDS) expect(textOf(id, local)).toContain(TASKS[id].call.replace('POST ', 'http://host:7080'));
  });

  test('muster submit: key in MUSTER_KEY, pin in the address; on open loopback neither', () => {
    expect(textOf('chat', shared, 1)).toBe(
      'MUSTER_KEY=mk_secret muster submit --url https://host:7080#pin=sha256-x \\\n  --model m --prompt "Hello" --wait',
    );
    expect(textOf('chat', local, 1)).toBe('muster submit --url http://host:7080 \\\n  --model m --prompt "Hello" --wait');
    expect(textOf('chat', windows, 1)).toBe(
      'set "MUSTER_KEY=mk_secret" && muster submit --url http://host:7080 --model m --prompt "Hello" --wait',
    );
    for (const id of TASK_IDS) {
      expect(textsOf(id, local).some((text) => text.startsWith('muster submit'))).toBe(TASKS[id].hasSubmit);
    }
  });

  test('queued job: sent, then read by its id', () => {
    expect(textOf('queued_job', local, 1)).toBe('curl http://host:7080/api/v1/jobs/JOB');
    expect(textOf('queued_job', local, 2)).not.toContain('--wait');
  });

  test.each<[ModelKind, string]>([
    ['asr', '--input speech.wav'],
    ['vad', '--input speech.wav'],
    ['emotion', '--input speech.wav'],
    ['image', '--input picture.png'],
  ])('command of a model of kind %s -> a file, which only muster submit sends', (kind, input) => {
    expect(textsOf('command', { ...local, kind })).toEqual([
      `muster submit --url http://host:7080 \\\n  --model m --task command \\\n  ${input} --wait`,
    ]);
  });

  test('Windows -> one line, quoted for its shell', () => {
    expect(textOf('embeddings', windows)).toBe(
      'curl http://host:7080/v1/embeddings -H "Authorization: Bearer mk_secret" -H "Content-Type: application/json" -d "{\\"model\\":\\"m\\",\\"input\\":\\"Hello\\"}"',
    );
  });
});

describe('names from a stranger', () => {
  test('quotes -> one argument', () => {
    const named = { ...local, model: `it's; rm` };
    expect(textOf('chat', named)).toContain(`"model":"it'\\''s; rm"`);
    expect(textOf('chat', named, 1)).toContain(`--model 'it'\\''s; rm' `);
  });

  test('a file of curl -> sent as text', () => {
    expect(textOf('transcription', { ...local, model: '@/etc/passwd' })).toContain('--form-string model=@/etc/passwd');
  });

  test.each(HOSTILE_NAMES.filter((name) => name !== '@C:/a'))('Windows, %s -> placeholder outside of JSON', (model) => {
    expect(textOf('chat', { ...windows, model }, 1)).toContain('--model MODEL --prompt');
    expect(textOf('transcription', { ...windows, model })).toContain('--form-string model=MODEL');
  });

  test('Windows, letters of another language -> kept', () => {
    expect(textOf('chat', { ...windows, model: '通义 3 (8b)' }, 1)).toContain('--model "通义 3 (8b)"');
  });
});

describe('the models of an entry', () => {
  const model = (model_id: string, kind: ModelKind, tasks: TakenTasks, change: Partial<ReadyPoolModel> = {}): ReadyPoolModel => ({
    model_id,
    kind,
    tasks: tasks === null ? null : [...tasks],
    nodes_ready: 1,
    ...change,
  });
  const idsFor = (ready: readonly ReadyPoolModel[], task: TaskKind) => modelsFor(ready, task).models.map(({ model_id: id }) => id);

  test.each<[ModelKind, TakenTasks, readonly TaskKind[]]>([
    ['llm', null, ['/v1/chat/completions', '/v1/completions', '/v1/responses', '/v1/messages']],
    ['other', null, ['/v1/chat/completions', '/v1/completions', '/v1/responses', '/v1/messages']],
    ['llm', ['/v1/completions'], ['/v1/completions']],
    ['llm', ['/v1/chat/completions'], ['/v1/chat/completions', '/v1/responses', '/v1/messages']],
    ['llm', ['/v1/messages'], ['/v1/messages']],
    ['embedding', null, ['/v1/embeddings']],
    ['rerank', null, ['/v1/rerank']],
    ['tts', null, ['/v1/audio/speech']],
    ['tts', ['command'], ['command']],
    ['asr', null, ['/v1/audio/transcriptions', '/v1/audio/translations']],
    ['image', null, ['/v1/images/generations']],
    ['other', ['/v1/moderations'], ['/v1/moderations']],
    ['nmt', null, ['command']],
    ['llm', [], []],
  ])('%s with tasks %j -> %j', (kind, tasks, expected) => {
    const can = [...new Set(TASK_IDS.map((id) => TASKS[id].task))].filter((task) => idsFor([model('m', kind, tasks)], task).length > 0);
    expect(can.toSorted()).toEqual([...expected].toSorted());
  });

  test('in memory on most nodes first, then by name; further names and auto, but not for commands', () => {
    const ready = [
      model('b', 'llm', null, { nodes_loaded: 1, aliases: ['gpt-4o', 'a'] }),
      model('a', 'llm', null, { nodes_loaded: 1 }),
      model('c', 'llm', null, { nodes_loaded: 3 }),
      model('e', 'embedding', null, { aliases: ['ada'] }),
      model('n', 'nmt', null, { aliases: ['deepl'] }),
    ];
    expect(idsFor(ready, '/v1/chat/completions')).toEqual(['c', 'a', 'b']);
    expect(modelsFor(ready, '/v1/chat/completions').names).toEqual(['gpt-4o', 'auto']);
    expect(modelsFor(ready, '/v1/embeddings').names).toEqual(['ada', 'auto']);
    expect(modelsFor(ready, 'command').names).toEqual([]);
    expect(modelsFor(ready, '/v1/rerank')).toEqual({ models: [], names: [] });
  });

  test('ready models without a task -> named', () => {
    expect(modelsWithoutTask([model('mute', 'other', []), model('m', 'llm', null)])).toEqual(['mute']);
  });
});
