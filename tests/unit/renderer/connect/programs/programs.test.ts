import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { ConnectTarget } from '../../../../../src/renderer/components/connect/programs/program';
import { contentOf, PROGRAMS, textOf } from '../../../../../src/renderer/components/connect/programs/table';
import { HOSTILE_NAMES } from './hostile-names';

const local: ConnectTarget = { baseUrl: 'http://127.0.0.1:7080/v1', key: null, model: 'qwen3:8b', caFile: null, platform: 'linux' };
const shared: ConnectTarget = { ...local, baseUrl: 'https://atelier-01:7080/v1', key: 'mk_secret', caFile: '/home/a b/ca.pem' };
const windows: ConnectTarget = { ...shared, caFile: 'C:\\Users\\a\\ca.pem', platform: 'windows' };

describe('curl', () => {
  test.each<[string, ConnectTarget, string]>([
    [
      'pool of this computer',
      local,
      [
        'curl -N http://127.0.0.1:7080/v1/chat/completions',
        `-H 'Content-Type: application/json'`,
        `-d '{"model":"qwen3:8b","stream":true,"messages":[{"role":"user","content":"Hello"}]}'`,
      ].join(' \\\n  '),
    ],
    [
      'shared pool with its own CA',
      shared,
      [
        'curl -N https://atelier-01:7080/v1/chat/completions',
        `--cacert '/home/a b/ca.pem'`,
        `-H 'Authorization: Bearer mk_secret'`,
        `-H 'Content-Type: application/json'`,
        `-d '{"model":"qwen3:8b","stream":true,"messages":[{"role":"user","content":"Hello"}]}'`,
      ].join(' \\\n  '),
    ],
    [
      'Windows',
      windows,
      [
        'curl -N https://atelier-01:7080/v1/chat/completions',
        '--cacert C:\\Users\\a\\ca.pem',
        '-H "Authorization: Bearer mk_secret"',
        '-H "Content-Type: application/json"',
        '-d "{\\"model\\":\\"qwen3:8b\\",\\"stream\\":true,\\"messages\\":[{\\"role\\":\\"user\\",\\"content\\":\\"Hello\\"}]}"',
      ].join(' '),
    ],
  ])('%s', (_title, target, expected) => {
    expect(textOf('curl', target)).toBe(expected);
  });

  test('model with quotes -> stays one argument', () => {
    expect(textOf('curl', { ...local, model: "it's" })).toContain(`-d '{"model":"it'\\''s"`);
  });
});

describe('Windows, model with a name from a stranger', () => {
  test.each(HOSTILE_NAMES)('%s in JSON -> nothing for cmd.exe or PowerShell to run, the same model', (model) => {
    const curl = textOf('curl', { ...windows, key: null, model });
    const body = curl.slice(curl.indexOf('-d ') + 3);
    expect(body).not.toMatch(/[&|<>^%!$`';@“”„\r\n]/u);
    // As programs of Windows decode their arguments: `\"` is a quote.
    const argument = body.slice(1, -1).replaceAll('\\"', '"');
    expect(JSON.parse(argument)).toMatchObject({ model });
  });
});

describe('a question of the user', () => {
  const question = `Say "it's" in\nfour lines: $(rm -rf ~) & %PATH%`;
  const asked: ConnectTarget = { ...local, question };

  test('curl: the body holds the same question', () => {
    const curl = textOf('curl', asked);
    const argument = curl.slice(curl.indexOf("-d '") + 4, -1).replaceAll("'\\''", "'");
    expect(JSON.parse(argument)).toMatchObject({ messages: [{ role: 'user', content: question }] });
  });

  test('curl on Windows: nothing of the question runs, the body holds the same question', () => {
    const curl = textOf('curl', { ...windows, question });
    const body = curl.slice(curl.indexOf('-d ') + 3);
    expect(body).not.toMatch(/[&|<>^%!$`';@\r\n]/u);
    expect(JSON.parse(body.slice(1, -1).replaceAll('\\"', '"'))).toMatchObject({ messages: [{ content: question }] });
  });

  test.each(['python', 'javascript'] as const)('%s: one literal', (program) => {
    expect(textOf(program, asked)).toContain(JSON.stringify(question));
  });
});

describe('Python', () => {
  test('pool of this computer -> any key', () => {
    expect(textOf('python', local)).toBe(
      [
        'from openai import OpenAI',
        '',
        'client = OpenAI(',
        '    base_url="http://127.0.0.1:7080/v1",',
        '    api_key="unused",',
        ')',
        'answer = client.chat.completions.create(',
        '    model="qwen3:8b",',
        '    messages=[{"role": "user", "content": "Hello"}],',
        ')',
        'print(answer.choices[0].message.content)',
      ].join('\n'),
    );
  });

  test('shared pool with its own CA -> trusts the file', () => {
    const python = textOf('python', shared);
    expect(python).toContain('trust = ssl.create_default_context(cafile="/home/a b/ca.pem")');
    expect(python).toContain('    api_key="mk_secret",\n    http_client=http_client,\n)');
  });
});

test('JavaScript: shared pool -> a command that starts it with the CA; as one text, a comment in the program', () => {
  const [start, program] = PROGRAMS.javascript.snippets(shared).map(contentOf);
  expect(program).toMatch(/^import OpenAI /);
  expect(start).toBe(`NODE_EXTRA_CA_CERTS='/home/a b/ca.pem' node program.mjs`);
  expect(PROGRAMS.javascript.snippets(local)).toHaveLength(1);
  expect(textOf('javascript', shared)).toBe(
    [
      `// Start with: NODE_EXTRA_CA_CERTS='/home/a b/ca.pem' node program.mjs`,
      "import OpenAI from 'openai';",
      '',
      'const client = new OpenAI({',
      '  baseURL: "https://atelier-01:7080/v1",',
      '  apiKey: "mk_secret",',
      '});',
      'const answer = await client.chat.completions.create({',
      '  model: "qwen3:8b",',
      `  messages: [{ role: 'user', content: "Hello" }],`,
      '});',
      'console.log(answer.choices[0].message.content);',
    ].join('\n'),
  );
});

test.each<[string, ConnectTarget, string[]]>([
  ['pool of this computer -> its network', local, ['--network host -e PORT=3000', '-e OPENAI_API_KEY=unused']],
  [
    'shared pool -> CA mounted',
    shared,
    ['-p 3000:8080', `-v '/home/a b/ca.pem:/ca.pem:ro' -e SSL_CERT_FILE=/ca.pem`, '-e OPENAI_API_BASE_URL=https://atelier-01:7080/v1'],
  ],
])('Open WebUI: %s', (_title, target, parts) => {
  for (const part of parts) expect(textOf('open_webui', target)).toContain(part);
});

test('Continue: model with characters of YAML -> quoted', () => {
  expect(textOf('continue', { ...shared, model: 'org/a: #b' })).toBe(
    [
      'name: Muster',
      'version: 1.0.0',
      'schema: v1',
      'models:',
      '  - name: "org/a: #b (Muster)"',
      '    provider: openai',
      '    model: "org/a: #b"',
      '    apiBase: "https://atelier-01:7080/v1"',
      '    apiKey: "mk_secret"',
      '    roles: [chat, edit, apply]',
      '    requestOptions:',
      '      caBundlePath: "/home/a b/ca.pem"',
    ].join('\n'),
  );
});

describe('Claude Code', () => {
  test.each<[string, ConnectTarget, string]>([
    [
      'pool of this computer',
      local,
      [
        'ANTHROPIC_BASE_URL=http://127.0.0.1:7080',
        'ANTHROPIC_AUTH_TOKEN=unused',
        'ANTHROPIC_API_KEY=',
        'ANTHROPIC_MODEL=qwen3:8b',
        'ANTHROPIC_DEFAULT_OPUS_MODEL=qwen3:8b',
        'ANTHROPIC_DEFAULT_SONNET_MODEL=qwen3:8b',
        'ANTHROPIC_DEFAULT_HAIKU_MODEL=qwen3:8b',
        'claude',
      ].join(' \\\n  '),
    ],
    [
      'Windows, shared pool',
      windows,
      [
        'set "ANTHROPIC_BASE_URL=https://atelier-01:7080"',
        'set "ANTHROPIC_AUTH_TOKEN=mk_secret"',
        'set "ANTHROPIC_API_KEY="',
        'set "ANTHROPIC_MODEL=qwen3:8b"',
        'set "ANTHROPIC_DEFAULT_OPUS_MODEL=qwen3:8b"',
        'set "ANTHROPIC_DEFAULT_SONNET_MODEL=qwen3:8b"',
        'set "ANTHROPIC_DEFAULT_HAIKU_MODEL=qwen3:8b"',
        'set "NODE_EXTRA_CA_CERTS=C:\\Users\\a\\ca.pem"',
        'claude',
      ].join(' && '),
    ],
  ])('%s', (_title, target, expected) => {
    expect(textOf('claude_code', target)).toBe(expected);
  });

  test.each(['qwen3:8b', ...HOSTILE_NAMES])(
    'model %s, in a shell -> the program gets this model, key and CA, and nothing else runs',
    (model) => {
      const command = textOf('claude_code', { ...shared, model }).replace(/claude$/, `"$0" -p 'JSON.stringify(process.env)'`);
      const env = JSON.parse(execFileSync('sh', ['-c', command, process.execPath], { encoding: 'utf8' })) as Readonly<
        Record<string, string>
      >;
      expect(env).toMatchObject({
        ANTHROPIC_BASE_URL: 'https://atelier-01:7080',
        ANTHROPIC_AUTH_TOKEN: 'mk_secret',
        ANTHROPIC_API_KEY: '',
        ANTHROPIC_MODEL: model,
        ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
        NODE_EXTRA_CA_CERTS: '/home/a b/ca.pem',
      });
    },
  );

  test.each(HOSTILE_NAMES)('model %s, on Windows -> nothing for cmd.exe to run', (model) => {
    const command = textOf('claude_code', { ...windows, model });
    const values = command.split(' && ').slice(0, -1);
    for (const value of values) expect(value).toMatch(/^set "[A-Z_]+=[^"%&|<>^!]*"$/);
  });
});
