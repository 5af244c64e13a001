// Pictures and sounds on the page Try it, in a real Chromium over a real `muster pool` with an Ollama and a whisper.cpp.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Dashboard, launchChromium } from '../support/dashboard';
import { FlowPool } from '../support/flow-pool';
import { writeCommandModel } from '../support/job-bench';
import { requireChromium } from '../support/requirements';
import type { StandIn } from '../support/stand-ins/stand-in';
import { openWhisperCpp } from '../support/stand-ins/whisper-cpp';
import { silentWav } from '../support/wav';

const { missing } = requireChromium();
/** One pixel. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const ANSWER = 'The node is ready.';
const VOICE_SECONDS = 1.5;

let whisper: StandIn;
let browser: Browser;
let flow: FlowPool;
let dashboard: Dashboard;

beforeAll(async () => {
  if (missing !== undefined) return;
  whisper = await openWhisperCpp();
  flow = await FlowPool.open({ loaded: true }, whisper);
  const voice = { argv: ['cat', 'voice.wav'], output: { from: 'stdout', content_type: 'audio/wav' } };
  writeFileSync(
    path.join(writeCommandModel(path.join(flow.dataDir, 'models'), 'voice', voice, { kind: 'tts' }), 'voice.wav'),
    silentWav(VOICE_SECONDS),
  );
  browser = await launchChromium();
});
beforeEach(async () => {
  if (missing !== undefined) return;
  dashboard = await Dashboard.open(browser, `${flow.url}/#/try`, { viewport: { width: 1440, height: 900 } });
  await dashboard.page.getByRole('textbox', { name: 'Message' }).waitFor();
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await dashboard.screenshot(`flow-${task.name.slice(0, 12).replaceAll(/\W/g, '-')}`);
  await dashboard?.close();
});
afterAll(async () => {
  await browser?.close();
  await flow?.close();
  await whisper?.close();
});

const attach = async (name: string, mimeType: string, buffer: Buffer): Promise<void> => {
  const choosing = dashboard.page.waitForEvent('filechooser');
  await dashboard.page.getByRole('button', { name: 'Attach a picture or a sound' }).click();
  await (await choosing).setFiles({ name, mimeType, buffer });
};

test.skipIf(missing)('picture: attached, removed, attached, sent with a question -> the model gets both, its answer is shown', async () => {
  const { page } = dashboard;
  await attach('pixel.png', 'image/png', PNG);
  await page.getByRole('button', { name: 'Remove pixel.png' }).click();
  await page.getByRole('img', { name: 'pixel.png' }).waitFor({ state: 'detached' });
  await attach('pixel.png', 'image/png', PNG);
  await page.getByRole('textbox', { name: 'Message' }).fill('What is this?');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('article').last().getByText(ANSWER).waitFor();
  await page.getByRole('img', { name: 'pixel.png' }).waitFor();
  const sent = flow.ollama.requests.findLast(({ path }) => path === '/v1/chat/completions')?.body.toString() ?? '';
  expect(sent).toContain('What is this?');
  expect(sent).toContain(`data:image/png;base64,${PNG.toString('base64')}`);
  await attach('notes.txt', 'text/plain', Buffer.from('no picture'));
  await page.getByText('notes.txt is no picture (PNG, JPEG, WebP, GIF) and no sound.').waitFor();
  expect(dashboard.unexpectedMessages()).toEqual([]);
});

test.skipIf(missing)('sound file: attached -> its text in the field for the message, which is sent as a question', async () => {
  const { page } = dashboard;
  await attach('question.wav', 'audio/wav', silentWav(1));
  const field = page.getByRole('textbox', { name: 'Message' });
  await expect.poll(() => field.inputValue(), { timeout: 20_000 }).toBe(ANSWER);
  expect(whisper.requests.findLast(({ path }) => path === '/inference')?.body.includes('question.wav')).toBe(true);
  await field.press('Enter');
  await page.getByRole('article').last().getByText(ANSWER).waitFor();
  expect(dashboard.unexpectedMessages()).toEqual([]);
});

test.skipIf(missing)('an answer is heard: a model speaks it, the browser plays the whole sound, then no "Stop" is left', async () => {
  const { page } = dashboard;
  await page.getByRole('textbox', { name: 'Message' }).fill('Say that you are ready.');
  await page.getByRole('button', { name: 'Send' }).click();
  const answer = page.getByRole('article').last();
  await answer.getByText(ANSWER).waitFor();
  await page.evaluate(() => {
    const start = AudioBufferSourceNode.prototype.start;
    AudioBufferSourceNode.prototype.start = function (this: AudioBufferSourceNode) {
      const startedAt = this.context.currentTime;
      this.addEventListener('ended', () => {
        document.body.dataset['played'] = `${String(this.buffer?.duration)} ${String(this.context.currentTime - startedAt)}`;
      });
      start.call(this);
    };
  });
  await answer.getByRole('button', { name: 'Play' }).click();
  const [length, played] = ((await page.locator('body[data-played]').getAttribute('data-played')) ?? '').split(' ').map(Number);
  expect(length).toBeCloseTo(VOICE_SECONDS, 2);
  expect(played).toBeGreaterThanOrEqual(VOICE_SECONDS);
  await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' });
  expect(dashboard.unexpectedMessages()).toEqual([]);
});
