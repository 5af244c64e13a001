// A contributor joins by a link, makes a key for a program in its app, and the program uses the pool until the owner revokes the computer.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DesktopLab } from '../support/desktop-app';
import { FlowPool, flowConfig, MODEL } from '../support/flow-pool';
import { bearer, sendRequest } from '../support/http-api';
import { requireDesktop } from '../support/requirements';
import { until } from '../support/until';

const { missing } = requireDesktop();
let lab: DesktopLab;
let pool: FlowPool;
beforeEach(async () => {
  lab = new DesktopLab();
  lab.configure(flowConfig());
  pool = await FlowPool.open();
});
afterEach(async () => {
  await lab.close();
  await pool.close();
});

test.skipIf(missing)(
  'contributor: key made on Connect programs -> its program is answered; computer revoked -> the key is refused',
  async () => {
    const here = ['--url', pool.url, '--data-dir', pool.dataDir];
    const invited = await pool.lab.run(['invite', '--name', 'lea-pc', '--role', 'node', '--role', 'client', '--json', ...here]);
    const { link } = JSON.parse(invited.stdout) as { readonly link: string };
    const app = await lab.launch({ args: ['--simulate-gpu', 'RTX 3060:12'] });
    await app.waitForHero('Available');
    await app.open('Pool');
    await app.page.getByLabel('Join link or address').fill(link);
    await app.page.getByRole('button', { name: 'Join…', exact: true }).click();
    await app.page.getByRole('dialog').getByRole('button', { name: 'Join', exact: true }).click();
    await app.page.getByRole('button', { name: 'Leave the pool…' }).waitFor({ timeout: 30_000 });

    await app.open('Connect programs');
    await app.page.getByRole('button', { name: 'Create key and copy' }).click();
    await app.page.getByRole('button', { name: 'Show key' }).click();
    const key = await until('the key', async () => /mk_[\w-]{43}/.exec(await app.page.locator('main').innerText())?.[0]);
    await app.screenshot('connect-key-of-a-contributor');
    const ask = () =>
      sendRequest(pool.port, {
        method: 'POST',
        path: '/v1/chat/completions',
        headers: bearer(key),
        body: { model: MODEL, messages: [{ role: 'user', content: 'hello' }] },
      });
    expect((await ask()).status).toBe(200);
    await app.open('Members');
    await app.page
      .getByRole('region', { name: 'Keys of your programs' })
      .getByRole('button', { name: /^Revoke / })
      .waitFor();
    await app.screenshot('members-keys-of-a-contributor');

    const listed = await pool.lab.run(['keys', 'list', '--json', ...here]);
    expect((JSON.parse(listed.stdout) as { keys: object[] }).keys).toMatchObject([{ member_name: 'lea-pc', roles: ['client'] }]);
    expect((await pool.lab.run(['revoke', 'lea-pc', ...here])).code).toBe(0);
    expect((await ask()).status).toBe(403);
    expect(await app.quit()).toBe(0);
  },
  120_000,
);
