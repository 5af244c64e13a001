// All bytes between two machines: joining with an invitation, heartbeats, a streamed chat, and a visit of the dashboard in a real
// Chromium. No secret, name, prompt or answer is readable in them.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OWNER_KEY } from '../support/http-api';
import { Dashboard, launchChromium } from '../support/dashboard';
import { NetLab } from '../support/net-lab';
import { NetMuster, PORT } from '../support/net-muster';
import { requireChromium, requireNamespaces } from '../support/requirements';

const missing = requireNamespaces().missing ?? requireChromium().missing;
const NAME = 'bens-secret-workstation';
const GPU = 'Confidential Card';
const MODEL = 'private-model-of-ben';
const PROMPT = 'a-confidential-prompt-in-the-clear';
const ANSWER = 'the-first-piece-of-the-answer and-the-second-piece-of-the-answer';
const MARKER = 'a-marker-that-is-sent-in-clear-on-purpose';
const MODEL_PORT = 11_999;

let muster: NetMuster;
let browser: Browser | null = null;
beforeEach(async () => {
  muster = new NetMuster(await NetLab.open());
  muster.net.switch('lan');
  for (const [index, host] of ['anna', 'ben'].entries()) {
    muster.net.host(host);
    muster.net.cable(host, 'lan', 'eth0', `10.77.0.${String(index + 1)}/24`);
  }
});
afterEach(async () => {
  await browser?.close();
  await muster.close();
});

const json = async <Answer>(...argv: readonly string[]): Promise<Answer> =>
  JSON.parse(await muster.command('anna', ...argv, '--json')) as Answer;

/** A program that runs Chromium on a host. */
function chromiumOn(host: string): string {
  const file = path.join(muster.lab.folder, 'chromium');
  const argv = muster.net.argv(host, [requireChromium().path ?? '']).map((each) => `'${each}'`);
  writeFileSync(file, `#!/bin/sh\nexec ${argv.join(' ')} "$@"\n`);
  chmodSync(file, 0o700);
  return file;
}

async function startModelServer(): Promise<void> {
  const program = path.join(import.meta.dirname, '..', 'support', 'chat-server.mjs');
  const argv = [process.execPath, program, String(MODEL_PORT), MODEL, ANSWER];
  const server = muster.net.spawn('ben', argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  muster.lab.own(server);
  if (server.stdout !== null) await once(server.stdout, 'data');
}

/** What a user of ben's machine sees of the pool, with the secrets of the visit. */
async function visitDashboard(pin: string): Promise<readonly string[]> {
  const { link } = await json<{ readonly link: string }>('dashboard');
  const code = link.split('#code=')[1] ?? '';
  const spki = Buffer.from(pin.replace('sha256-', ''), 'base64url').toString('base64');
  browser = await launchChromium({ executablePath: chromiumOn('ben'), args: [`--ignore-certificate-errors-spki-list=${spki}`] });
  const dashboard = await Dashboard.open(browser, `https://10.77.0.1:${String(PORT)}/#code=${code}`, { key: null });
  await dashboard.openPage('nodes');
  await dashboard.row(NAME).waitFor();
  const session = await dashboard.page.evaluate(() => window.sessionStorage.getItem('muster.access-token'));
  return [code, session ?? ''];
}

describe.skipIf(missing !== undefined)(`two machines${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test('join, heartbeats, streamed chat, dashboard -> no token, name, prompt, answer or model in the capture; a marker in clear is found', async () => {
    const file = path.join(muster.lab.folder, 'lan.pcap');
    const stopCapture = await muster.net.capture('lan', file);
    const scheduler = await muster.scheduler('anna');
    const { pin } = await scheduler.line('scheduler_listening');
    await startModelServer();
    const [{ link }, { key: programKey }] = await Promise.all([
      json<{ readonly link: string }>('invite'),
      json<{ readonly key: string }>('keys', 'create', 'letters'),
    ]);
    const ben = muster.lab.dataDir(NAME, `[runtimes]\nurls = ["http://127.0.0.1:${String(MODEL_PORT)}"]\n`, { models: false });
    const agent = muster.start('ben', ['join', link, '--name', NAME, '--data-dir', ben, '--simulate-gpu', `${GPU}:24`]);
    await agent.line('node_status_received', { status: 'ready' });
    await agent.line('model_state', { model_id: MODEL, state: 'ready' });

    const keyFile = path.join(muster.lab.folder, 'program-key');
    writeFileSync(keyFile, programKey);
    const client = ['--url', `https://10.77.0.1:${String(PORT)}#pin=${String(pin)}`, '--admin-token-file', keyFile, '--data-dir', ben];
    const task = ['--task', 'chat', '--model', MODEL, '--prompt', PROMPT, '--stream'];
    const chat = await muster.start('ben', ['submit', ...task, ...client]).finished;
    expect([chat.stdout.trim(), chat.code]).toEqual([ANSWER, 0]);
    const visit = await visitDashboard(String(pin));

    expect(muster.requestInClear('ben', '10.77.0.1', MARKER)).toEqual({ status: 426, code: 'TLS_REQUIRED' });
    await stopCapture('TLS_REQUIRED');

    const bytes = readFileSync(file);
    const identity = readFileSync(path.join(ben, 'identity.json'), 'utf8');
    const kept = ['node_token', 'credential'].map((field) => new RegExp(`"${field}": "([^"]+)"`).exec(identity)?.[1] ?? '');
    const invitation = /key=(mi_[\w-]+)/.exec(link)?.[1] ?? '';
    const secrets = [OWNER_KEY, invitation, programKey, ...kept, ...visit, NAME, GPU, MODEL, PROMPT, ...ANSWER.split(' ')];
    expect(secrets.filter((secret) => secret.length < 12)).toEqual([]);
    expect(secrets.filter((secret) => bytes.includes(secret))).toEqual([]);
    // The same search finds what is sent in clear, and all of the visit went through the capture.
    expect([MARKER, 'TLS_REQUIRED'].filter((text) => bytes.includes(text))).toEqual([MARKER, 'TLS_REQUIRED']);
    expect(bytes.length).toBeGreaterThan(300_000);
  });
});
