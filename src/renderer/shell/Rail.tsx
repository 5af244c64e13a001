// The main navigation: the pool, then the pages in their groups with counts, and at the foot the state of this computer. Below 900 px it
// shows icons. Below 600 px it opens over the page from "More" of the tabs.
import { useId } from 'react';
import { useLabels } from '../i18n/use-labels';
import { hrefOf, type PageName } from '../routes';
import { useApp } from '../store/Screen';
import { FrameIcon, Mark, PageIcon } from './icons';
import { type PageEntry, PAGE_GROUPS, type PageGroup, pagesIn } from './pages';
import { PoolSwitcher } from './PoolSwitcher';
import { RailFoot } from './RailFoot';
import classes from './Rail.module.css';

export interface RailProps {
  readonly current: PageName;
  /** Absent: there is no search. */
  readonly onSearch?: () => void;
}

export function Rail({ current, onSearch }: RailProps) {
  const { t } = useLabels();
  return (
    <header className={classes['rail']}>
      <div className={classes['brand']}>
        <Mark />
        <span className={classes['name']}>Muster</span>
      </div>
      <PoolSwitcher />
      {onSearch !== undefined && (
        <button type="button" className={classes['search']} onClick={onSearch} title={t('rail.search')}>
          <FrameIcon name="search" />
          <span className={classes['name']}>{t('rail.search')}</span>
          <kbd>{t('rail.search_keys')}</kbd>
        </button>
      )}
      <nav className={classes['pages']} aria-label={t('nav.label')}>
        {PAGE_GROUPS.map((group) => (
          <Group key={group} group={group} current={current} />
        ))}
      </nav>
      <RailFoot />
    </header>
  );
}

function Group({ group, current }: { readonly group: PageGroup; readonly current: PageName }) {
  const { t } = useLabels();
  const id = useId();
  const entries = pagesIn(group);
  if (entries.length === 0) return null;
  const titled = group !== 'last';
  return (
    <div className={classes[titled ? 'group' : 'last']}>
      {titled && (
        <div id={id} className={classes['title']}>
          {t(`rail.group.${group}`)}
        </div>
      )}
      <ul {...(titled ? { 'aria-labelledby': id } : {})}>
        {entries.map((entry) => (
          <li key={entry.page}>
            <PageLink entry={entry} isCurrent={entry.page === current} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** In the rail the overviews of this computer and of the pool have the same short name: their group says of what. */
const IS_OVERVIEW: readonly PageName[] = ['computer', 'pool'];

function PageLink({ entry, isCurrent }: { readonly entry: PageEntry; readonly isCurrent: boolean }) {
  const { t } = useLabels();
  const { page } = entry;
  return (
    <a href={hrefOf({ page })} aria-current={isCurrent ? 'page' : undefined} title={t(`nav.${page}`)}>
      <PageIcon page={page} />
      <span className={classes['name']}>{IS_OVERVIEW.includes(page) ? t('rail.overview') : t(`nav.${page}`)}</span>
      {entry.count !== undefined && <Count countOf={entry.count} />}
    </a>
  );
}

/** Renders again only when the figure changes. */
function Count({ countOf }: { readonly countOf: NonNullable<PageEntry['count']> }) {
  const { format } = useLabels();
  const count = useApp((app) => countOf(app, format));
  return count === null ? null : <span className={classes['count']}>{count}</span>;
}
