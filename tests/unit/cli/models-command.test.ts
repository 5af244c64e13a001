// `muster models`: the list, and the requests and refusals of the actions, against a scripted HTTP server.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { COMMANDS } from '../../../src/main/cli/commands';
import { modelRows, modelsText } from '../../../src/main/cli/models-command';
import { runCli } from '../../../src/main/cli/run-cli';
import type { NodeView } from '../../../src/shared/api/node-view';
import { nodeView } from '../../support/app-fakes';
import { fakeIo } from './fake-io';

const node = (change: Partial<NodeView> = {}): NodeView => ({
  ...nodeView('node-A'),
  name: 'tower',
  online: true,
  installed_models: [
    { model_id: 'org/llm:7b', kind: 'llm', version: '1', enabled: true, actions: ['load', 'unload'] },
    { model_id: 'asr', kind: 'asr', version: '1', enabled: true },
    { model_id: 'old', kind: 'llm', version: '1', enabled: false },
  ],
  capability_state: { 'org/llm:7b': 'not_installed', asr: 'ready', old: 'ready' },
  model_residency: { 'org/llm:7b': 'cold', asr: 'loaded' },
  model_control: true,
  ...change,
});

test('models: residency, readiness and actions of each model', () => {
  expect(modelsText(modelRows(node()))).toBe(
    [
      'MODEL       NODE    NAME   RESIDENCY      READY            ACTIONS',
      'org/llm:7b  node-A  tower  not in memory  no (not loaded)  load, unload',
      'asr         node-A  tower  in memory      yes              -',
      'old         node-A  tower  unknown        no (disabled)    -',
      '',
    ].join('\n'),
  );
  expect(modelsText([])).toBe('No node has a model.\n');
});

test('models: node not connected, owner forbids control, older scheduler', () => {
  const [offline] = modelRows(node({ online: false }));
  expect(offline).toEqual({
    model_id: 'org/llm:7b',
    node_id: 'node-A',
    node_name: 'tower',
    residency: null,
    state: 'not_installed',
    ready: false,
    actions: [],
  });
  expect(modelRows(node({ model_control: false })).map(({ actions }) => actions)).toEqual([[], [], []]);
  const { model_residency: _residency, model_control: _control, ...older } = node();
  expect(modelRows(older).map(({ residency }) => residency)).toEqual([null, null, null]);
});

let requests: string[] = [];
let answer: { status: number; body: unknown } = { status: 200, body: {} };
const server = createServer(({ method = '', url = '' }, response) => {
  requests.push(`${method} ${url}`);
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  requests = [];
  answer = { status: 200, body: {} };
});

async function run(argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo({ MUSTER_URL: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` });
  return { code: await runCli([...argv, '--data-dir', '/nonexistent/muster'], COMMANDS, io), ...io.written };
}

test('models: an action -> the id of the model encoded in the URL; refused -> the reason, exit code 6', async () => {
  answer.body = { node_id: 'n1', model_id: 'org/llm:7b', action: 'load', state: 'started' };
  expect(await run(['models', 'load', 'org/llm:7b', '--node', 'n1'])).toEqual({
    code: 0,
    out: 'org/llm:7b on n1: load: started; run "muster models" to see the result\n',
    err: '',
  });
  expect(requests).toEqual(['POST /api/v1/nodes/n1/models/org%2Fllm%3A7b/load']);
  answer = {
    status: 409,
    body: { error: { code: 'INVALID_STATE', message: 'm', details: { node_id: 'n1', reason: 'failed', runtime_message: 'no memory' } } },
  };
  expect(await run(['models', 'unload', 'a', '--node', 'n1'])).toEqual({
    code: 6,
    out: '',
    err: 'muster: a on n1: the model server did not complete the action: no memory\n',
  });
  const refusedFor = (cause: string) => ({
    status: 409,
    body: { error: { code: 'INVALID_STATE', message: 'm', details: { node_id: 'n1', reason: 'not_supported', cause } } },
  });
  answer = refusedFor('old_node');
  expect((await run(['models', 'load', 'a', '--node', 'n1'])).err).toContain('the node runs an older version of Muster');
  answer = refusedFor('no_action');
  expect((await run(['models', 'pin', 'a', '--node', 'n1'])).err).toContain('the model server of this model does not support this action');
  requests = [];
  expect(await run(['models', 'erase', 'a'])).toMatchObject({ code: 2 });
  expect(await run(['models', 'load'])).toMatchObject({ code: 2 });
  expect(requests).toEqual([]);
});

test('models: an action without --node -> the only node that has exactly this model', async () => {
  answer.body = { node_ids: [] };
  expect(await run(['models', 'pin', 'a'])).toEqual({ code: 6, out: '', err: 'muster: a: no node has this model\n' });
  expect(requests).toEqual(['GET /api/v1/models/nodes?model=a']);
});
