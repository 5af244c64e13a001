// The commands that talk to a scheduler, against a scripted HTTP server: requests, output and exit codes.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../src/main/cli/commands';
import { runCli } from '../../../src/main/cli/run-cli';
import { requestFailure } from '../../../src/main/cli/request-failure';
import { nodeView } from '../../support/app-fakes';
import { proving } from '../../support/proving-server';
import { fakeIo } from './fake-io';
import { messageContextOf } from '../../../src/main/cli/core/message-context';
interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly token: string | null;
  readonly body: unknown;
}

let languages: (string | undefined)[];
let folder: string;
let requests: ReceivedRequest[];
let answer: { status: number; body: unknown };
let url: string;
const OWN_TOKEN = 'admin-token-of-this-machine';
const listener = proving([OWN_TOKEN], (request, response) => {
  void textOf(request).then((text) => {
    const { method = '', url: path = '', headers } = request;
    languages.push(headers['accept-language']);
    requests.push({ method, path, token: headers.authorization ?? null, body: text === '' ? null : JSON.parse(text) });
    const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(body);
  });
});
const server = createServer(listener);

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'muster-client-'));
  requests = [];
  languages = [];
  answer = { status: 200, body: {} };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const member = (id: string) => ({
  id,
  name: 'tower',
  roles: ['node'],
  models: null,
  node_id: null,
  invite_id: null,
  connected: false,
  created_at: 1,
  last_used_at: null,
  revoked_at: null,
});

const invite = (id: string) => ({ ...member(id), expires_at: Date.now() + 3_600_000, max_uses: 1, uses: 0 });

const run = async (argv: string[], env: Record<string, string> = { MUSTER_URL: url }) => {
  const io = fakeIo(env);
  return { code: await runCli([...argv, '--data-dir', folder], COMMANDS, io), ...io.written };
};

describe('requests', () => {
  test('nodes: lists the nodes', async () => {
    answer.body = { nodes: [nodeView('n1')] };
    expect(await run(['nodes', '--json'])).toMatchObject({ code: 0, err: '' });
    expect(requests).toEqual([{ method: 'GET', path: '/api/v1/nodes', token: null, body: null }]);
  });

  test('drain: sends deadline and reason', async () => {
    answer.body = nodeView('n1');
    expect(await run(['drain', 'n1', '--timeout', '0.5', '--reason', 'why'])).toEqual({ code: 0, out: 'n1: drain requested\n', err: '' });
    expect(requests).toEqual([
      { method: 'POST', path: '/api/v1/nodes/n1/drain', token: null, body: { timeout_seconds: 0.5, reason: 'why' } },
    ]);
  });

  test('members: a list of more than 4 MiB -> printed', async () => {
    const models = Array.from({ length: 250 }, (_none, index) => `model-${'x'.repeat(60)}-${String(index)}`);
    answer.body = { members: Array.from({ length: 250 }, (_none, index) => ({ ...member(`mem-${String(index)}`), models })), invites: [] };
    expect(JSON.stringify(answer.body).length).toBeGreaterThan(4 * 1024 * 1024);
    expect(await run(['members', '--json'])).toMatchObject({ code: 0, err: '' });
  });

  test('keys create: the name and the given options are sent, each role once', async () => {
    answer.body = { id: 'key-1', name: 'a', key: 'mk_x' };
    const options = ['--role', 'client', '--role', 'client', '--models', 'x,y', '--expires', '1h', '--max-queued', '5'];
    expect(await run(['keys', 'create', 'a', ...options])).toMatchObject({ code: 0, out: 'mk_x\n' });
    expect(requests[0]).toMatchObject({
      method: 'POST',
      path: '/api/v1/keys',
      body: { name: 'a', roles: ['client'], models: ['x', 'y'], expires_in_seconds: 3600, limits: { max_queued: 5, max_streams: null } },
    });
  });

  test('keys create: limits for requests to models -> sent', async () => {
    answer.body = { id: 'key-1', name: 'a', key: 'mk_x' };
    await run(['keys', 'create', 'a', '--requests-per-minute', '60', '--max-at-once', '2', '--priority', 'low']);
    expect(requests[0]?.body).toMatchObject({ limits: { requests_per_minute: 60, max_at_once: 2, priority: 'low', max_queued: null } });
  });

  test('resume: a node ID with slashes -> encoded in the URL', async () => {
    answer.body = nodeView('n1');
    expect(await run(['resume', '../../x'])).toMatchObject({ code: 0 });
    expect(requests[0]?.path).toBe('/api/v1/nodes/..%2F..%2Fx/resume');
  });

  test('explain: every requirement of a job', async () => {
    answer.body = { chosen: null, nodes_total: 0, reasons: {}, nodes: [] };
    const needs = [
      '--model',
      'a',
      '--model',
      'b',
      '--kind',
      'nmt:en:zh',
      '--kind',
      'llm',
      '--feature',
      'emotion_detection',
      '--node',
      'n1',
      '--min-gpu-memory-gb',
      '16',
      '--private',
    ];
    expect(await run(['explain', ...needs])).toEqual({ code: 0, out: 'No node would get this job.\n', err: '' });
    expect(requests[0]?.body).toEqual({
      required_models: ['a', 'b'],
      required_kinds: [{ kind: 'nmt', src_lang: 'en', tgt_lang: 'zh' }, { kind: 'llm' }],
      required_features: ['emotion_detection'],
      public: false,
      node_id: 'n1',
      min_gpu_memory_gb: 16,
    });
  });
});

describe('invalid options: exit code 2, no request', () => {
  test.each([
    [['drain', 'n1', '--timeout', 'soon'], '--timeout: expected a number, not "soon"'],
    [['drain', 'n1', '--timeout=-1'], '--timeout: '],
    [['explain', '--kind', 'poetry'], '--kind: expected "asr", '],
    [['explain', '--feature', 'flight'], '--feature: '],
    [['explain', '--min-gpu-memory-gb=-1'], '--min-gpu-memory-gb: '],
    [['explain', '--min-gpu-memory-gb', ''], '--min-gpu-memory-gb: expected a number, not ""'],
    [['explain', '--what-if', 'drained'], '--what-if: expected limits:gpu=80, drained:NODE'],
    [['explain', ...Array.from({ length: 5 }, () => '--what-if=drained:n1')], '--what-if: '],
    [['cancel'], 'cancel: JOB is missing'],
    [['cancel', 'j1', ''], 'the ID of the JOB is empty'],
    [['cancel', ...Array.from({ length: 201 }, (_, i) => `j${String(i)}`)], 'at most 200 jobs'],
    [['retry', 'j1', 'j2'], 'retry: unexpected argument "j2"'],
    [['audit', '--limit', 'all'], '--limit: expected a number, not "all"'],
    [['audit', '--limit', '0'], '--limit: '],
    [['keys', 'create', 'a', '--role', 'guest'], 'keys: --role: '],
    [['keys', 'create', 'a', '--role', 'node'], 'keys: --role: a node joins with an invitation'],
    [['keys', 'create', 'a', '--expires', '5000d'], 'keys: --expires: '],
    [['keys', 'create', 'a', '--expires', 'soon'], '--expires: expected a duration such as 30d'],
    [['keys', 'create', 'a', '--max-priority', '101'], 'keys: --max-priority: '],
    [['keys', 'create', ' '], 'keys: NAME: '],
    [['invite', '--role', 'guest'], 'invite: --role: '],
    [['invite', '--expires', 'never'], 'invite: --expires: an invitation always expires'],
    [['invite', '--uses', '0'], 'invite: --uses: '],
    [['nodes', '--url', 'ftp://x'], '--url or MUSTER_URL is not an address'],
    [['nodes', '--key-file', '/nowhere/token'], 'the key file /nowhere/token: file not found'],
  ])('%j', async (argv, message) => {
    const { code, out, err } = await run(argv);
    expect([code, out, err]).toEqual([2, '', expect.stringContaining(message)]);
    expect(requests).toEqual([]);
  });

  test('no address in flags, environment or configuration -> exit code 2', async () => {
    expect(await run(['nodes'], { MUSTER_SERVER_PORT: '0' })).toMatchObject({ code: 2, err: expect.stringContaining('--url') as string });
  });
});

describe('the owner key', () => {
  const token = OWN_TOKEN;
  beforeEach(() => writeFile(path.join(folder, 'admin-token'), `${token}\n`));

  test('token of this computer: sent to a scheduler on this computer', async () => {
    await run(['resume', 'n1']);
    expect(requests[0]?.token).toBe(`Bearer ${token}`);
  });

  test('plain address of another computer: nothing sent, also with a named token file', async () => {
    // An address that reaches this computer but does not look like a loopback address.
    const elsewhere = url.replace('127.0.0.1', '0.0.0.0');
    const named = { MUSTER_URL: elsewhere, MUSTER_ADMIN_TOKEN_FILE: path.join(folder, 'admin-token') };
    for (const env of [{ MUSTER_URL: elsewhere }, named])
      expect(await run(['resume', 'n1'], env)).toMatchObject({ code: 2, err: expect.stringContaining('#pin=sha256-') as string });
    expect(requests).toEqual([]);
  });
});

describe('failed requests', () => {
  const UNKNOWN = 'no member or invitation has this ID; list the members and invitations with: muster members';
  test.each([
    ['UNAUTHORIZED', null, 6, '--key-file'],
    ['NOT_FOUND', { node_id: 'n1' }, 6, '{"node_id":"n1"}'],
    ['INVALID_STATE', null, 6, 'INVALID_STATE'],
    ['NOT_FOUND', { node_id: 'n1', reason: 'unknown_node' }, 6, 'n1: no node has this ID; list the nodes with: muster nodes'],
    ['INVALID_STATE', { node_id: 'n1', reason: 'already_drained' }, 6, 'n1: the node is already drained; resume it with: muster resume n1'],
    [
      'INVALID_STATE',
      { reason: 'name_taken' },
      6,
      'a key with this name exists; choose another name, or revoke that key with: muster keys revoke NAME',
    ],
    ['UNAUTHORIZED', null, 6, 'muster keys create'],
    ['REVOKED', null, 6, 'muster keys create'],
    ['INTERNAL_ERROR', null, 1, 'INTERNAL_ERROR'],
    ['INTERNAL_ERROR', { reason: 'HTTP 404' }, 5, 'the program at http://x is not a scheduler of this version (HTTP 404)'],
    ['DISCONNECTED', { cause: 'ECONNREFUSED' }, 5, 'no scheduler can be reached at http://x (ECONNREFUSED)'],
    ['DISCONNECTED', { cause: 'TimeoutError' }, 7, 'did not answer in time'],
  ])('%s with %j -> exit code %i', (code, details, exitCode, text) => {
    expect(requestFailure({ code, message: 'message', details }, 'http://x', messageContextOf({}))).toEqual({
      exitCode,
      message: expect.stringContaining(text) as string,
    });
  });

  test.each([
    [['revoke', 'wrong'], { members: [], invites: [] }, `wrong: ${UNKNOWN}`],
    [['revoke', 'inv-1'], { invites: [] }, `inv-1: ${UNKNOWN}`],
    [['keys', 'revoke', 'nothing'], { keys: [] }, 'nothing: no key has this name or ID; list the keys with: muster keys list'],
    [
      ['revoke', 'tower'],
      { members: [], invites: [invite('inv-1'), { ...invite('inv-2'), uses: 1 }, { ...invite('inv-3'), revoked_at: 2 }] },
      'tower: no member has this name, but an open invitation; withdraw it with: muster revoke inv-1 --data-dir ',
    ],
    [['revoke', 'tower'], { members: [member('mem-1'), member('mem-2')] }, 'tower: several members have this name; give the ID of one'],
  ])('%j: unknown, or not unique -> said, nothing revoked', async (argv, body, text) => {
    answer.body = body;
    expect(await run(argv)).toEqual({ code: 6, out: '', err: expect.stringContaining(`muster: ${text}`) as string });
    expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(['GET']));
  });

  test('refused request: the error of the scheduler on stderr', async () => {
    answer = { status: 409, body: { error: { code: 'INVALID_STATE', message: 'not now', details: { reason: 'offline' } } } };
    expect(await run(['drain', 'n1'])).toEqual({ code: 6, out: '', err: 'muster: INVALID_STATE: not now {"reason":"offline"}\n' });
  });

  test('messages: in the language of the terminal, with the name of the program as the user called it', async () => {
    const message = '当前不可能';
    answer = { status: 409, body: { error: { code: 'INVALID_STATE', message, details: null } } };
    for (const env of [{}, { LANG: 'zh_CN.UTF-8' }]) {
      expect((await run(['drain', 'n1'], { MUSTER_URL: url, ...env })).err).toBe('muster: INVALID_STATE: 当前不可能\n');
    }
    expect(languages).toEqual(['en', 'zh']);
    answer.body = { error: { code: 'INVALID_STATE', message, details: { node_id: 'n1', reason: 'already_drained' } } };
    const called = await run(['drain', 'n1'], { MUSTER_URL: url, npm_package_name: 'muster', npm_lifecycle_event: 'muster' });
    expect(called.err).toBe(
      `muster: n1: the node is already drained; resume it with: npm run -s muster -- resume n1 --data-dir ${folder}\n`,
    );
    answer = { status: 401, body: { error: { code: 'UNAUTHORIZED', message, details: null } } };
    const refused = await run(['nodes'], { MUSTER_URL: url, npm_package_name: 'muster', npm_lifecycle_event: 'muster' });
    expect(refused.err).toContain('a key of: npm run -s muster -- keys create');
  });

  test.each([
    [200, { hello: 'world' }],
    [404, { detail: 'Not Found' }],
    [200, '<!doctype html>'],
  ])('a server that is not a scheduler (%i, %j) -> exit code 5', async (status, body) => {
    answer = { status, body };
    for (const argv of [
      ['nodes'],
      ['jobs', 'j', '--follow'],
      ['submit', '--model', 'm', '--prompt', 'x'],
      ['submit', '--model', 'm', '--prompt', 'x', '--stream'],
    ])
      expect([argv, await run(argv)]).toMatchObject([
        argv,
        { code: 5, out: '', err: expect.stringMatching(/not a scheduler|no scheduler|lost/) as string },
      ]);
  });

  test('a port that fetch refuses -> exit code 5 with the cause', async () => {
    expect(await run(['nodes', '--url', 'http://127.0.0.1:1'])).toMatchObject({
      code: 5,
      err: expect.stringContaining('(bad port)') as string,
    });
  });
});
