// The pages Try it and Connect programs in a real Chromium, over a real `muster pool` with a model server.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Dashboard, launchChromium } from '../support/dashboard';
import { MusterLab } from '../support/muster-process';
import { requireChromium } from '../support/requirements';
import { chatChunks, sse, startStream } from '../support/stand-ins/openai-answers';
import type { Handler } from '../support/stand-ins/stand-in';
import { StandIn } from '../support/stand-ins/stand-in';
import { VLLM_MODELS } from '../support/stand-ins/vllm';
import { until } from '../support/until';

const { missing } = requireChromium();
const configOf = (runtime: string): string => `
[server]
port = 0
[runtimes]
urls = ["${runtime}"]
[scheduler.node_health]
heartbeat_interval_seconds = 0.5
heartbeat_timeout_seconds = 15
[scheduler.load_balancer]
resource_threshold = 100
`;

/** What the model answers to the last message that has this word. */
const ANSWERS: Readonly<Record<string, string>> = {
  table: 'Here is a **table**:\n\n| Port | Protocol |\n| --- | --- |\n| 51820 | UDP |\n\n```ini\nListenPort = 51820\n```\n',
  evil: [
    '<script>window.pwned = 1</script><img src=x onerror="window.pwned = 1">',
    '![track](https://evil.test/track.png) [click](javascript:window.pwned=1)',
    '<iframe src="https://evil.test/"></iframe> done.',
  ].join('\n\n'),
};
const PACE_MS = 15;

/** Streams word by word; to `hang`, one word and nothing more. */
const chat: Handler = ({ body }, response) => {
  const { messages } = JSON.parse(body.toString()) as { readonly messages: readonly { readonly content: string }[] };
  const asked = messages.at(-1)?.content ?? '';
  const answer = Object.entries(ANSWERS).find(([word]) => asked.includes(word))?.[1] ?? 'One moment please. ';
  const [head] = chatChunks;
  const words = answer.split(/(?<= )/).map((content) => sse({ ...head, choices: [{ index: 0, delta: { content }, finish_reason: null }] }));
  const usage = sse({
    ...head,
    choices: [],
    usage: { prompt_tokens: 20, completion_tokens: words.length, total_tokens: 20 + words.length },
  });
  const events = [...words, sse({ ...head, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }), usage, 'data: [DONE]\n\n'];
  startStream(response);
  const next = (): void => {
    const event = events.shift();
    if (response.destroyed || (asked.includes('hang') && events.length < 3)) return;
    if (event === undefined) response.end();
    else response.write(event, () => setTimeout(next, PACE_MS));
  };
  next();
  return undefined;
};

const lab = new MusterLab();
let server: StandIn;
let browser: Browser;
let url: string;
let dashboard: Dashboard;

beforeAll(async () => {
  if (missing !== undefined) return;
  server = await StandIn.open({
    routes: {
      'GET /health': () => ({ status: 200 }),
      'GET /version': () => ({ body: { version: '0.11.0' } }),
      'GET /v1/models': () => ({ body: VLLM_MODELS }),
      'POST /v1/chat/completions': chat,
    },
    otherwise: () => ({ status: 404, body: { detail: 'Not Found' } }),
  });
  const folder = lab.dataDir('pool', configOf(server.url.origin), { models: false });
  const pool = lab.start(['pool', '--data-dir', folder, '--simulate-gpu', 'RTX 4090:24', '--name', 'attic']);
  url = await pool.url();
  await pool.line('node_status_changed', { to: 'ready' });
  browser = await launchChromium();
});
beforeEach(async () => {
  if (missing !== undefined) return;
  dashboard = await Dashboard.open(browser, `${url}/#/try`, { viewport: { width: 1440, height: 900 } });
  await dashboard.page.getByRole('textbox', { name: 'Message' }).waitFor();
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await dashboard.screenshot('try-failed');
  await dashboard?.close();
});
afterAll(async () => {
  await browser?.close();
  await lab.close();
  await server?.close();
});

const ask = async (text: string): Promise<void> => {
  const field = dashboard.page.getByRole('textbox', { name: 'Message' });
  await field.fill(text);
  await field.press('Enter');
};
const article = () => dashboard.page.getByRole('article').last();

describe.skipIf(missing !== undefined)('Try it', () => {
  test('question -> streamed Markdown, node, figures; its job in the list', async () => {
    const { page } = dashboard;
    await ask('write a table');
    await article().getByRole('table').waitFor();
    await article().getByText('51820', { exact: true }).waitFor();
    await article()
      .getByText(/attic · first token .* tokens$/)
      .waitFor();
    expect(await page.getByRole('complementary').getByText('attic').first().textContent()).toBe('attic');
    await page
      .getByRole('complementary')
      .getByText(/^20 tokens$/)
      .waitFor();
    await dashboard.screenshot('try-answer');
    expect(await dashboard.accessibilityViolations()).toEqual([]);
    await page.getByRole('link', { name: 'Open the job' }).click();
    await page.getByText('qwen').first().waitFor();
    expect(dashboard.unexpectedMessages()).toEqual([]);
  });

  test('Esc -> the answer stops, the model server stops, the text is kept', async () => {
    const stopped = server.abortedCount;
    await ask('hang on');
    await article().getByText('One').waitFor();
    await dashboard.page.keyboard.press('Escape');
    await article()
      .getByText(/stopped/)
      .waitFor();
    await until('the model server to stop', () => server.abortedCount > stopped);
    expect(await article().textContent()).toContain('One');
  });

  test('reload while it answers -> the chat is back, its answer is marked as cut, and Retry asks again', async () => {
    const stopped = server.abortedCount;
    await ask('hang on');
    await article().getByText('One').waitFor();
    await dashboard.page.reload();
    await article()
      .getByText(/cut off when the page closed/)
      .waitFor();
    expect(await article().textContent()).toContain('One');
    await until('the model server to stop', () => server.abortedCount > stopped);
    expect(await dashboard.accessibilityViolations()).toEqual([]);
    await article().getByRole('button', { name: 'Retry' }).click();
    await dashboard.page.getByRole('button', { name: /Stop/ }).waitFor();
    await article().getByText('One').waitFor();
  });

  test('answer with HTML, scripts, pictures and links to scripts -> nothing runs, nothing is loaded from outside', async () => {
    const outside: string[] = [];
    dashboard.page.on('request', (request) => {
      if (!request.url().startsWith(url)) outside.push(request.url());
    });
    await ask('be evil');
    await article().getByText('done.').waitFor();
    await article()
      .getByText(/tokens$/)
      .waitFor();
    expect(await dashboard.page.evaluate(() => (window as unknown as { pwned?: number }).pwned ?? null)).toBeNull();
    expect(await article().locator('img, script, iframe, a[href^="javascript"]').count()).toBe(0);
    expect(outside).toEqual([]);
    expect(dashboard.unexpectedMessages()).toEqual([]);
  });

  test('Connect programs: test -> the answer of the model', async () => {
    const { page } = dashboard;
    await page.getByRole('link', { name: 'Connect programs' }).click();
    await page.getByRole('button', { name: 'Test it' }).click();
    await page.getByText(/Works: attic answered in/).waitFor();
    await page.getByText('One moment please.').waitFor();
    await dashboard.screenshot('connect-tested');
    expect(await dashboard.accessibilityViolations()).toEqual([]);
    expect(dashboard.unexpectedMessages()).toEqual([]);
  });
});
