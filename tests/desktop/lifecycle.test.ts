// The app from its first start, on a machine with a GPU and a model, through every status of the node, to its end.
import { expect, test, afterEach, beforeEach } from 'vitest';
import { requireDesktop } from '../support/requirements';
import { type DesktopApp, DesktopLab } from '../support/desktop-app';
import { until } from '../support/until';

const { missing } = requireDesktop();
let lab: DesktopLab;
beforeEach(() => {
  lab = new DesktopLab();
});
afterEach(() => lab.close());

const WEIGHTS = 'weights of a small model';

async function setPreferences({ page }: DesktopApp, language: string, theme: string): Promise<void> {
  await page.evaluate((value) => {
    localStorage.setItem('muster.preferences', value);
  }, JSON.stringify({ language, theme }));
  await page.reload();
  await page.locator('h2').first().waitFor();
}

test.skipIf(missing)(
  'first start: pool hosted, node ready -> degraded, ready, drained, resumed; app quits and leaves no process',
  async () => {
    lab.plugInH100();
    lab.installModel('small-llm', WEIGHTS);
    const app = await lab.launch();
    const { page } = app;
    await setPreferences(app, 'en', 'light');

    await app.waitForHero('Available');
    await page.getByText('NVIDIA H100 80GB HBM3').first().waitFor();
    expect(await page.getByText(/simulated/i).count()).toBe(0);
    for (const [language, theme] of [
      ['zh-CN', 'light'],
      ['zh-CN', 'dark'],
      ['en', 'dark'],
      ['en', 'light'],
    ] as const) {
      await setPreferences(app, language, theme);
      await app.waitForHero(language === 'en' ? /^Available/ : /^可用/);
      const shell = () =>
        app.electron.evaluate(({ Menu, nativeTheme }) => [Menu.getApplicationMenu()?.items[0]?.label, nativeTheme.themeSource]);
      const expected = JSON.stringify([language === 'en' ? 'File' : '文件', theme]);
      await until('the menu and the theme of the window', async () => JSON.stringify(await shell()) === expected);
      await app.screenshot(`overview-ready-${language}-${theme}`);
    }

    lab.writeWeights('small-llm', WEIGHTS.toUpperCase());
    await app.waitForHero('Degraded');
    await page.getByText('checksum').first().waitFor();
    await app.screenshot('overview-degraded');

    lab.writeWeights('small-llm', WEIGHTS);
    await app.waitForHero('Available');

    await page.getByRole('button', { name: 'Stop after current jobs' }).click();
    await app.waitForHero('Paused until you resume');
    await app.screenshot('overview-drained');
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    await app.waitForHero('Available');

    expect(await app.quit()).toBe(0);
    await until('no process of the app to be left', () => lab.processes().length === 0, 5000);
    expect(lab.log()).toContain('"event":"stopped"');
  },
  120_000,
);
