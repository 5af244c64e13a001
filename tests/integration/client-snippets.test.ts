// The Python snippets of Connect programs, run by Python with stand-ins of the libraries, which note what they are called with.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConnectTarget } from '../../src/renderer/components/connect/programs/program';
import { contentOf, PROGRAM_IDS, PROGRAMS } from '../../src/renderer/components/connect/programs/table';
import { requireProgram, skipNote } from '../support/requirements';
import { HOSTILE_NAMES } from '../unit/renderer/connect/programs/hostile-names';

const shared: ConnectTarget = {
  baseUrl: 'https://atelier-01:7080/v1',
  key: 'mk_secret',
  model: 'qwen3:8b',
  caFile: '/home/a b/ca.pem',
  platform: 'linux',
};
const QUESTION = 'Say "it\'s" in\nfour lines: {0} \\N {DASH} %s \u007f';

/** A module whose every name is a function that notes its arguments, and whose results are like it. */
const LIBRARY = `
import builtins

class Noted:
    def __init__(self, path):
        self.path = path
    def __getattr__(self, name):
        return Noted(self.path + "." + name)
    def __getitem__(self, index):
        return self
    def __iter__(self):
        return iter([])
    def __call__(self, *args, **kwargs):
        builtins.calls.append([self.path, list(args), kwargs])
        return Noted("")

def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return Noted(name)
`;
const RUNNER = `
import builtins, contextlib, io, json, sys
results = []
for code in json.load(sys.stdin):
    builtins.calls = []
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, "snippet", "exec"), {})
    results.append(builtins.calls)
json.dump(results, sys.stdout, default=lambda value: None)
`;
type Call = readonly [name: string, args: readonly unknown[], options: Readonly<Record<string, unknown>>];

const python = requireProgram('python3', 'python3');
const pythonOf = (target: ConnectTarget): string[] =>
  PROGRAM_IDS.flatMap((id) => PROGRAMS[id].snippets(target)).flatMap((snippet) =>
    snippet.kind === 'code' && snippet.language === 'python' ? [contentOf(snippet)] : [],
  );

describe.skipIf(python.missing !== undefined)(`Python snippets${skipNote(python)}`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'muster-python-'));
    for (const name of ['openai', 'anthropic', 'ollama', 'langchain_openai', 'httpx', 'ssl']) {
      writeFileSync(path.join(folder, `${name}.py`), LIBRARY);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (codes: readonly string[]): readonly (readonly Call[])[] =>
    JSON.parse(
      execFileSync(python.path ?? '', ['-c', RUNNER], { env: { PYTHONPATH: folder }, input: JSON.stringify(codes), encoding: 'utf8' }),
    ) as readonly (readonly Call[])[];

  test('shared pool, names from a stranger -> the libraries get this model, question, address, key and CA, and nothing else runs', () => {
    const names = ['qwen3:8b', '")\nimport os', '\\u0041', ...HOSTILE_NAMES];
    const targets = names.map((model) => ({ ...shared, model, question: QUESTION }));
    const [openai = '', anthropic = '', ollama = '', langchain = ''] = pythonOf(shared);
    expect([openai, anthropic, ollama, langchain].map((code) => code.split(' ')[1])).toEqual([
      'openai',
      'anthropic',
      'ollama',
      'langchain_openai',
    ]);
    const calls = run(targets.flatMap(pythonOf));
    const trust = ['create_default_context', [], { cafile: shared.caFile }];
    const http = ['Client', [], { verify: null }];
    const messages = [{ role: 'user', content: QUESTION }];
    expect(calls).toEqual(
      names.flatMap((model) => [
        [
          trust,
          http,
          ['OpenAI', [], { base_url: shared.baseUrl, api_key: 'mk_secret', http_client: null }],
          ['.chat.completions.create', [], { model, messages }],
        ],
        [
          trust,
          http,
          ['Anthropic', [], { base_url: 'https://atelier-01:7080', api_key: 'mk_secret', http_client: null }],
          ['.messages.create', [], { model, max_tokens: 1024, messages }],
        ],
        [
          trust,
          ['Client', [], { host: 'https://atelier-01:7080', headers: { Authorization: 'Bearer mk_secret' }, verify: null }],
          ['.chat', [], { model, messages }],
        ],
        [
          trust,
          http,
          ['ChatOpenAI', [], { model, base_url: shared.baseUrl, api_key: 'mk_secret', http_client: null }],
          ['.invoke', [QUESTION], {}],
        ],
      ]),
    );
  });

  test('pool of this computer -> no CA, any key', () => {
    const [calls] = run(pythonOf({ ...shared, baseUrl: 'http://127.0.0.1:7080/v1', key: null, caFile: null }));
    expect(calls?.[0]).toEqual(['OpenAI', [], { base_url: 'http://127.0.0.1:7080/v1', api_key: 'unused' }]);
  });
});
