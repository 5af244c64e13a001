// A contributor gets a join link in a chat, with Muster installed and never started.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DIARIES } from '../../gallery/diaries';
import { DiaryHosts } from '../support/diary-hosts';
import { walk } from '../support/film-strip';
import { requireDesktop, requireNamespaces } from '../support/requirements';

const missing = requireDesktop().missing ?? requireNamespaces().missing;
const diary = DIARIES.contributor;

let hosts: DiaryHosts;
beforeEach(async () => {
  hosts = await DiaryHosts.open();
});
afterEach(() => hosts.close());

test.skipIf(missing)(
  'contributor: join link clicked, Muster never started before -> Available in the pool of a friend within 60 s',
  async () => {
    await hosts.pool('anna-desktop', '--host', '0.0.0.0');
    const { link } = JSON.parse(await hosts.run('anna-desktop', 'invite', '--name', 'ben', '--json')) as { link: string };
    await hosts.ollama('ben-tower', { loaded: true });
    const lab = hosts.desktop('ben-tower');

    const took = await walk(diary, async (strip) => {
      await strip.elsewhere('reads the message in the chat and clicks the link', { clicks: 1, words: 12 });
      const { page } = await lab.launch({ args: [link], env: { MUSTER_SERVER_ANNOUNCE: 'true' } });
      const join = page.getByRole('button', { name: 'Join…', exact: true });
      await strip.step('The link opens Muster', page, join);

      await strip.look();
      await strip.read(page.getByRole('status').filter({ hasText: 'A join link was opened' }));
      await strip.click(join);
      const dialog = page.getByRole('dialog');
      const confirm = dialog.getByRole('button', { name: 'Join', exact: true });
      await strip.step('What joining changes', page, confirm);

      await strip.look();
      await strip.read(dialog);
      await strip.click(confirm);
      await strip.step('Joined', page, page.getByRole('button', { name: /You contribute/ }));

      const overview = page.getByRole('main');
      await strip.step('Available', page, overview.getByRole('heading', { name: /^Available/ }));
    });
    expect(took).toBeLessThan(diary.limitSeconds);
  },
  180_000,
);
