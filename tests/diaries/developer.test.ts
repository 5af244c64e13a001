// A developer opens the dashboard of the pool on their computer, copies an example of "Connect programs" and runs it.
import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DIARIES } from '../../gallery/diaries';
import { projectRoot } from '../../scripts/paths.mjs';
import { Dashboard, launchChromium } from '../support/dashboard';
import { DiaryHosts } from '../support/diary-hosts';
import { walk } from '../support/film-strip';
import { requireChromium, requireNamespaces } from '../support/requirements';

const missing = requireChromium().missing ?? requireNamespaces().missing;
const POOLS = [
  { diary: DIARIES.developer, flags: [], key: false },
  { diary: DIARIES.sharedPool, flags: ['--host', '0.0.0.0'], key: true },
];

let hosts: DiaryHosts;
let browser: Browser | null = null;
beforeEach(async () => {
  hosts = await DiaryHosts.open();
});
afterEach(async () => {
  await browser?.close();
  await hosts.close();
});

/** The variable of the command that starts the example, as `NAME=value`. */
const trustIn = (command: string): string[] => /^(NODE_EXTRA_CA_CERTS=\S+) node program\.mjs$/.exec(command)?.slice(1) ?? [];

/** Runs the text of a page as a program of a folder that has the package `openai`, started as the command says. Returns the output. */
function runProgram(source: string, command: string): Promise<string> {
  const folder = path.join(hosts.lab.folder, 'project');
  mkdirSync(folder);
  symlinkSync(path.join(projectRoot, 'node_modules'), path.join(folder, 'node_modules'));
  const file = path.join(folder, 'program.mjs');
  writeFileSync(file, source);
  const [program, ...args] = hosts.enter('anna-desktop', 'env', ...trustIn(command), process.execPath, file);
  return new Promise((ended, failed) => {
    execFile(program, args, { timeout: 60_000 }, (error, stdout, stderr) => {
      if (error === null) ended(stdout);
      else failed(new Error(`${error.message}\n${stderr}`));
    });
  });
}

test.skipIf(missing).each(POOLS)(
  '$diary.name: dashboard opened -> example of Connect programs copied, run unchanged, answered in the package openai within 60 s',
  async ({ diary, flags, key }) => {
    await hosts.ollama('anna-desktop', { loaded: true });
    await hosts.pool('anna-desktop', ...flags);
    const { link } = JSON.parse(await hosts.run('anna-desktop', 'dashboard', '--json')) as { link: string };
    const chromium = await launchChromium({ executablePath: hosts.chromium('anna-desktop') });
    browser = chromium;

    const took = await walk(diary, async (strip) => {
      await strip.elsewhere('clicks the link that Muster printed in the terminal', { clicks: 1, words: 10 });
      const dashboard = await Dashboard.open(chromium, link, { key: null, permissions: ['clipboard-read', 'clipboard-write'] });
      const { page } = dashboard;
      // A shared pool needs a variable at the start, so the page names the file.
      const name = key ? 'program.mjs' : 'JavaScript';
      const connect = page.getByRole('link', { name: 'Connect programs' });
      await strip.step('The dashboard', page, connect);

      await strip.look();
      await strip.click(connect);
      const block = page.getByLabel(name, { exact: true });
      const forAll = page.getByRole('region', { name: 'Connection' });
      await strip.step('Connect programs', page, forAll.getByText('Base URL'));

      await strip.look();
      await strip.read(forAll);
      if (key) {
        await strip.click(page.getByRole('button', { name: 'Create key and copy' }));
        await strip.step('A key', page, page.getByText(/^The key is filled in below/));
      }
      const program = page.getByRole('navigation', { name: 'Most used' }).getByRole('link', { name: 'JavaScript' });
      await strip.read(program);
      await strip.click(program);
      await strip.step('The example for JavaScript', page, block);

      await strip.look();
      await strip.click(page.getByRole('button', { name: `Copy: ${name}` }));
      const source = await page.evaluate(() => navigator.clipboard.readText());
      // The page masks the key; the copy has all of it.
      expect(source.replace(/mk_[\w-]+/, 'mk_••••••••••••')).toBe(await block.innerText());
      await strip.step('The example is copied', page, page.getByText('Copied'));

      await strip.elsewhere('pastes into program.mjs and saves', { clicks: 2, typed: 14 });
      let command = 'node program.mjs';
      if (key) {
        await strip.click(page.getByRole('button', { name: 'Copy: Terminal' }));
        command = await page.evaluate(() => navigator.clipboard.readText());
        await strip.elsewhere('pastes the command into a terminal', { clicks: 2 });
      } else await strip.elsewhere('runs "node program.mjs"', { clicks: 1, typed: 16 });
      expect(trustIn(command)).toHaveLength(key ? 1 : 0);
      const answer = await runProgram(source, command);
      expect(answer).toBe('The node is ready.\n');
      const terminal = await page.context().newPage();
      await terminal.setContent(`<pre style="font: 16px monospace; padding: 24px">$ node program.mjs\n${answer}$</pre>`);
      await strip.step('The answer in the terminal', terminal, terminal.getByText('The node is ready.'));
    });
    expect(took).toBeLessThan(diary.limitSeconds);
  },
  180_000,
);
