// Folders and files of settings in the built app: the dialog of the system is a stand-in that answers with the paths of the test.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { OpenDialogOptions } from 'electron';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DesktopApp, DesktopLab } from '../support/desktop-app';
import { requireDesktop } from '../support/requirements';
import { until } from '../support/until';

const { missing } = requireDesktop();

let lab: DesktopLab;
beforeEach(() => {
  lab = new DesktopLab();
});
afterEach(() => lab.close());

const configText = (): string => readFileSync(path.join(lab.dataDir, 'config.toml'), 'utf8');

/** The dialog answers with this path; null: as when the user closes it. */
const answerDialogs = (app: DesktopApp, chosen: string | null): Promise<void> =>
  app.electron.evaluate(({ dialog }, answer) => {
    const kept = globalThis as unknown as { dialogs?: OpenDialogOptions[] };
    const asked = (kept.dialogs ??= []);
    // Of the two forms, the app uses the one with its window.
    dialog.showOpenDialog = ((_window: unknown, options: OpenDialogOptions) => {
      asked.push(options);
      return Promise.resolve({ canceled: answer === null, filePaths: answer === null ? [] : [answer] });
    }) as typeof dialog.showOpenDialog;
  }, chosen);

const askedFor = (app: DesktopApp): Promise<(string | undefined)[]> =>
  app.electron.evaluate(() => (globalThis as unknown as { dialogs: OpenDialogOptions[] }).dialogs.map(({ properties }) => properties?.[0]));

test.skipIf(missing)('choose: closed dialog -> file unchanged; folder and file chosen -> in the configuration file', async () => {
  const app = await lab.launch();
  const { page } = app;
  const models = path.join(lab.folder, 'models of mine');
  const certificate = path.join(lab.folder, 'bus-ca.pem');
  writeFileSync(certificate, '');
  const before = configText();
  const choose = (title: string): Promise<void> => page.getByRole('button', { name: `Choose: ${title}`, exact: true }).click();

  await app.open('Settings');
  await page.getByRole('searchbox', { name: 'Search settings' }).fill('agent.model_folders');
  await answerDialogs(app, null);
  await choose('Model folders');
  await until('the dialog to be asked for', async () => (await askedFor(app)).length === 1);
  await answerDialogs(app, models);
  await choose('Model folders');
  await until('the folder to be in the file', () => configText() !== before);
  expect(configText()).toContain(`model_folders = [${JSON.stringify(models)}]`);

  await page.getByRole('searchbox', { name: 'Search settings' }).fill('cluster.database_password_file');
  await answerDialogs(app, certificate);
  await choose('Password file of the database');
  await until('the file to be in the configuration', () => configText().includes(JSON.stringify(certificate)));
  expect(await askedFor(app)).toEqual(['openDirectory', 'openDirectory', 'openFile']);
  expect(await app.quit()).toBe(0);
});
