// The place in the window to which an item of the Help menu leads. Pure.
import type { HelpItem } from './menu-template';

/** `url`: of the page that the window shows. The list of shortcuts opens on that page, because it has those of the page. */
export function helpHash(item: Exclude<HelpItem, 'guide'>, url: string): string {
  switch (item) {
    case 'problem':
      return '#/logs';
    case 'about':
      return '#/settings/about';
    case 'shortcuts': {
      const [path = '', ...queries] = (/#\/.*/s.exec(url)?.[0] ?? '#/').split('?');
      const query = new URLSearchParams(queries.join('?'));
      query.set('dialog', 'shortcuts');
      return `${path}?${query.toString()}`;
    }
  }
}
