// A host starts Muster for the first time, shares the pool, and invites a friend, whose computer joins with the link.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DIARIES } from '../../gallery/diaries';
import { DiaryHosts } from '../support/diary-hosts';
import { walk } from '../support/film-strip';
import { requireDesktop, requireNamespaces } from '../support/requirements';

const missing = requireDesktop().missing ?? requireNamespaces().missing;
const diary = DIARIES.host;
/** Until the app of the friend has its window. A command without a window joins in its place. */
const FRIEND_STARTS_MS = 6000;

let hosts: DiaryHosts;
beforeEach(async () => {
  hosts = await DiaryHosts.open();
});
afterEach(() => hosts.close());

test.skipIf(missing)(
  'host: Muster started for the first time -> pool shared, friend invited, node of the friend Available in the list within 2 min',
  async () => {
    await hosts.ollama('anna-desktop', { loaded: true });
    const lab = hosts.desktop('anna-desktop');

    const took = await walk(diary, async (strip) => {
      await strip.elsewhere('starts Muster by its icon', { clicks: 1 });
      const { page, electron } = await lab.launch({ env: { MUSTER_SERVER_ANNOUNCE: 'true' } });
      const found = page.getByRole('region', { name: 'Found on this computer' });
      const share = page.getByRole('button', { name: 'Share on the local network' });
      await strip.step('First start', page, share);

      await strip.look();
      await strip.read(found, page.getByRole('region', { name: 'Pool of this computer', exact: true }));
      await strip.click(share);
      const copy = page.getByRole('button', { name: 'Copy invitation' });
      await strip.step('Shared', page, copy);

      await strip.read(page.getByRole('region', { name: 'Current pool', exact: true }));
      await strip.click(copy);
      await strip.step('The invitation is copied', page, page.getByRole('button', { name: 'Copied' }));

      const invitation = await electron.evaluate(({ clipboard }) => clipboard.readText());
      await strip.elsewhere('sends the invitation in a chat', { clicks: 2, typed: 20 });
      await strip.elsewhere('the friend clicks the link, reads, and joins (see the contributor)', {
        clicks: 3,
        words: 80,
        waitMs: FRIEND_STARTS_MS,
      });
      hosts.join('ben-tower', invitation);
      const nodes = page.getByRole('link', { name: /^Nodes/ });
      await strip.click(nodes);
      const row = page.getByRole('row').filter({ hasText: 'ben-tower' });
      await strip.step('The node of the friend', page, row);
      await strip.step('The node is Available', page, row.getByText('Available'));
    });
    expect(took).toBeLessThan(diary.limitSeconds);
  },
  180_000,
);
