// Someone with Ollama and its three models starts Muster for the first time.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DIARIES } from '../../gallery/diaries';
import { DiaryHosts } from '../support/diary-hosts';
import { walk } from '../support/film-strip';
import { requireDesktop, requireNamespaces } from '../support/requirements';

const missing = requireDesktop().missing ?? requireNamespaces().missing;
const diary = DIARIES.ollama;
/** Slow enough that the answer is seen as it grows. */
const PACE_MS = 150;

let hosts: DiaryHosts;
beforeEach(async () => {
  hosts = await DiaryHosts.open();
});
afterEach(() => hosts.close());

test.skipIf(missing)(
  'Ollama user: Muster started for the first time beside Ollama -> models found, a streamed answer within 30 s',
  async () => {
    await hosts.ollama('anna-desktop', { loaded: true, paceMs: PACE_MS, pulled: ['qwen3:14b'] });
    const lab = hosts.desktop('anna-desktop');

    const took = await walk(diary, async (strip) => {
      await strip.elsewhere('starts Muster by its icon', { clicks: 1 });
      const { page } = await lab.launch({ env: { MUSTER_SERVER_ANNOUNCE: 'true' } });
      const found = page.getByRole('region', { name: 'Found on this computer' });
      await strip.step('Ollama is found', page, found.getByText('Ollama with 3 models'));

      await strip.look();
      await strip.read(found);
      const tryIt = page.getByRole('region', { name: 'Try it' });
      const send = tryIt.getByRole('button', { name: 'Send' });
      await strip.step('A question is ready to send', page, send);

      await strip.read(tryIt.getByText('chosen for you'));
      await strip.click(send);
      const answer = tryIt.getByRole('article');
      await strip.step('The answer begins', page, answer.getByText('The node'));
      await strip.step('The answer with its node and speed', page, answer.getByText(/tokens$/));
      expect(await answer.innerText()).toContain('The node is ready.');
    });
    expect(took).toBeLessThan(diary.limitSeconds);
  },
  180_000,
);
