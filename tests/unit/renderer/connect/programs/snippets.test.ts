// Snippets as their programs read them: parsed by YAML and TOML, run by a shell. tests/integration/client-snippets.test.ts runs the others.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseToml, type TomlNode } from '../../../../../src/main/platform/config/toml';
import type { ConnectTarget, Snippet } from '../../../../../src/renderer/components/connect/programs/program';
import { contentOf, PROGRAM_IDS, type ProgramId, PROGRAMS, textOf } from '../../../../../src/renderer/components/connect/programs/table';
import { HOSTILE_NAMES } from './hostile-names';

const local: ConnectTarget = { baseUrl: 'http://127.0.0.1:7080/v1', key: null, model: 'qwen3:8b', caFile: null, platform: 'linux' };
const shared: ConnectTarget = { ...local, baseUrl: 'https://atelier-01:7080/v1', key: 'mk_secret', caFile: '/home/a $b/ca.pem' };
const windows: ConnectTarget = { ...shared, caFile: 'C:\\Users\\a\\ca.pem', platform: 'windows' };
const NAMES = ['qwen3:8b', 'org/a: #b', '- x', 'os.environ/HOME', 'a${{ secrets.KEY }}', '\\u0041', '通义 3', ...HOSTILE_NAMES];

const snippetsOf = (id: ProgramId, target: ConnectTarget): readonly Snippet[] => PROGRAMS[id].snippets(target);
const fileOf = (id: ProgramId, file: string, target: ConnectTarget): string =>
  snippetsOf(id, target)
    .filter((snippet) => snippet.kind === 'code' && snippet.file === file)
    .map(contentOf)
    .join('\n');
const commandOf = (id: ProgramId, target: ConnectTarget): string =>
  snippetsOf(id, target)
    .filter((snippet) => snippet.kind === 'code' && snippet.language === 'sh')
    .map(contentOf)
    .join('\n');
const formsOf = (id: ProgramId, target: ConnectTarget) =>
  snippetsOf(id, target).flatMap((snippet) => (snippet.kind === 'form' ? [snippet.fields.map(({ label, value }) => [label, value])] : []));

describe.each(NAMES)('model %j', (model) => {
  test('YAML: each file has the model, the address, the key and the CA as values', () => {
    const target = { ...shared, model };
    expect(load(fileOf('continue', '~/.continue/config.yaml', target))).toMatchObject({
      models: [
        {
          // Continue would replace a variable.
          model: model.includes('${{') ? 'MODEL' : model,
          name: `${model.includes('${{') ? 'MODEL' : model} (Muster)`,
          apiBase: shared.baseUrl,
          apiKey: 'mk_secret',
          requestOptions: { caBundlePath: shared.caFile },
        },
      ],
    });
    expect(load(fileOf('librechat', 'librechat.yaml', target))).toMatchObject({
      endpoints: { custom: [{ name: 'Muster', baseURL: shared.baseUrl, apiKey: 'mk_secret', models: { default: [model], fetch: true } }] },
    });
    expect(load(fileOf('litellm', 'litellm.yaml', target))).toEqual({
      model_list: [
        {
          // LiteLLM would read a variable of its environment.
          model_name: model.startsWith('os.environ/') ? 'MODEL' : model,
          litellm_params: { model: `openai/${model}`, api_base: shared.baseUrl, api_key: 'mk_secret' },
        },
      ],
      litellm_settings: { ssl_verify: shared.caFile },
    });
  });

  test('forms: the model is a value', () => {
    expect(formsOf('cline', { ...shared, model })).toEqual([
      [
        ['API Provider', 'OpenAI Compatible'],
        ['Base URL', shared.baseUrl],
        ['OpenAI Compatible API Key', 'mk_secret'],
        ['Model ID', model],
      ],
    ]);
    expect(formsOf('home_assistant', { ...shared, model })).toEqual([
      [
        ['URL', 'https://atelier-01:7080'],
        ['API key', 'mk_secret'],
      ],
      [['Model', model]],
    ]);
  });
});

describe('Codex', () => {
  const tableOf = (target: ConnectTarget): unknown => {
    const parsed = parseToml(fileOf('codex', '~/.codex/config.toml', target));
    return parsed.ok ? plain(parsed.value) : parsed.error;
  };
  const plain = (node: TomlNode): unknown =>
    node.kind === 'value' ? node.value : Object.fromEntries([...node.members].map(([name, member]) => [name, plain(member)]));

  test('shared pool -> a provider that reads the key from a variable', () => {
    expect(tableOf(shared)).toEqual({
      model_providers: { muster: { name: 'Muster', base_url: shared.baseUrl, env_key: 'MUSTER_KEY', wire_api: 'responses' } },
    });
  });

  test('pool without keys -> no variable is required', () => {
    expect(tableOf(local)).toEqual({ model_providers: { muster: { name: 'Muster', base_url: local.baseUrl, wire_api: 'responses' } } });
    expect(commandOf('codex', local)).toBe('codex -c model_provider=muster --model=qwen3:8b');
  });
});

describe('in a shell', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'muster-snippets-'));
    for (const program of ['codex', 'ollama', 'code', 'n8n', 'litellm', 'docker']) {
      const file = path.join(folder, program);
      writeFileSync(
        file,
        `#!/bin/sh\nprintf '%s\\n' "\${0##*/}" "$@" "key=$MUSTER_KEY" "ca=$CODEX_CA_CERTIFICATE$NODE_EXTRA_CA_CERTS" "host=$OLLAMA_HOST"\n`,
      );
      chmodSync(file, 0o755);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  /** What the started programs got. Every other program is missing. */
  const run = (command: string): string[] =>
    execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8', env: { PATH: folder } })
      .trimEnd()
      .split('\n');

  test.each(NAMES)('Codex and Ollama, model %j -> one program with this model, and nothing else runs', (model) => {
    expect(run(commandOf('codex', { ...shared, model }))).toEqual([
      'codex',
      '-c',
      'model_provider=muster',
      `--model=${model}`,
      'key=mk_secret',
      `ca=${shared.caFile ?? ''}`,
      'host=',
    ]);
    const dashes = model.startsWith('-') ? ['--'] : [];
    expect(run(commandOf('ollama', { ...local, model }))).toEqual([
      'ollama',
      'run',
      ...dashes,
      model,
      'key=',
      'ca=',
      'host=http://127.0.0.1:7080',
    ]);
  });

  test.each<[ProgramId, string[]]>([
    ['cline', ['code']],
    ['n8n', ['n8n', 'start']],
  ])('%s: shared pool -> started with the CA', (id, words) => {
    expect(run(commandOf(id, shared))).toEqual([...words, 'key=', `ca=${shared.caFile ?? ''}`, 'host=']);
    expect(commandOf(id, local)).toBe('');
  });

  test('Open WebUI: CA with a space and a dollar -> one argument', () => {
    expect(run(commandOf('open_webui', shared))).toContain('/home/a $b/ca.pem:/ca.pem:ro');
  });
});

test.each(HOSTILE_NAMES)('Windows, model %j -> nothing for cmd.exe to run', (model) => {
  const command = commandOf('codex', { ...windows, model });
  for (const part of command.split(' && '))
    expect(part).toMatch(/^(?:set "[A-Z_]+=[^"%&|<>^!]*"|codex [\w =-]+(?:"[^"%&|<>^!`$]*"|[\w@+=:,./\\-]*))$/);
});

test('LibreChat: CA with a dollar -> no variable of Compose', () => {
  expect(load(fileOf('librechat', 'docker-compose.override.yml', shared))).toEqual({
    services: {
      api: {
        volumes: ['./librechat.yaml:/app/librechat.yaml:ro', '/home/a $$b/ca.pem:/app/ca.pem:ro'],
        environment: { NODE_EXTRA_CA_CERTS: '/app/ca.pem' },
      },
    },
  });
});

test('n8n: a credential for each API', () => {
  expect(formsOf('n8n', shared)).toEqual([
    [
      ['API Key', 'mk_secret'],
      ['Base URL', 'https://atelier-01:7080/v1'],
    ],
    [
      ['Base URL', 'https://atelier-01:7080'],
      ['API Key', 'mk_secret'],
    ],
  ]);
});

test('Ollama: pool with keys -> no command, because it sends none', () => {
  expect(commandOf('ollama', shared)).toBe('');
});

test('one text of several snippets -> each with its place', () => {
  expect(textOf('codex', local)).toBe(
    [
      '# ~/.codex/config.toml',
      '[model_providers.muster]',
      'name = "Muster"',
      'base_url = "http://127.0.0.1:7080/v1"',
      'wire_api = "responses"',
      '',
      'codex -c model_provider=muster --model=qwen3:8b',
    ].join('\n'),
  );
  expect(textOf('home_assistant', local)).toContain('# Ollama › Add conversation agent\nModel: qwen3:8b');
});

test.each(PROGRAM_IDS)('%s: shared pool -> its address, key and CA are in the snippets', (id) => {
  const text = textOf(id, { ...shared, caFile: '/ca-of-pool.pem' });
  expect(text).toContain('https://atelier-01:7080');
  expect(text).toContain('mk_secret');
  // Home Assistant has no setting for it.
  expect(text.includes('/ca-of-pool.pem')).toBe(PROGRAMS[id].trust !== 'bundle');
  expect(textOf(id, local)).not.toMatch(/mk_secret|ca\.pem|trust/);
});
