import { expect, test } from 'vitest';
import { OpenedLink } from '../../../src/main/app-api/opened-link';
import { openedLinkSchema, type OpenedLinkView } from '../../../src/shared/api/opened-link';

const LINK = 'muster://lab-a:7080/join';

test('opened link: newest link, refused link and discard -> each once, with a new number', () => {
  const link = new OpenedLink();
  const seen: (OpenedLinkView | null)[] = [];
  link.subscribe((view) => seen.push(view));
  link.refuse('not_a_join_link');
  link.refuse('not_a_join_link');
  link.open(LINK);
  link.discard();
  link.discard();
  expect(seen).toEqual([{ id: 1, refused: 'not_a_join_link' }, { id: 2, refused: 'not_a_join_link' }, { id: 3, link: LINK }, null]);
  for (const view of seen) if (view !== null) expect(openedLinkSchema.parse(view)).toEqual(view);
});

test('opened link: join link that waits -> a refused one does not remove it', () => {
  const link = new OpenedLink();
  link.open(LINK);
  link.refuse('too_long');
  expect(link.view()).toEqual({ id: 1, link: LINK });
});
