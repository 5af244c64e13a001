// The main navigation: the pool, then the pages in their groups with counts, and at the foot the state of this computer. Below 900 px it
// shows icons. Below 600 px it opens over the page from "More" of the tabs.
import { type ReactNode, useId } from 'react';
import { KeyCaps } from '../components/shortcuts/KeyCaps';
import { useLabels } from '../i18n/use-labels';
import { hrefOf, type PageName } from '../routes';
import { useApp, useScreenState } from '../store/Screen';
import { FrameIcon, Mark, PageIcon } from './icons';
import { type PageEntry, isListed, PAGE_GROUPS, PAGE_TABLE, type PageGroup, pagesIn } from './pages';
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
    <nav className={classes['rail']} data-rail="" aria-label={t('nav.label')}>
      <div className={classes['brand']}>
        <Mark />
        <Text kind="name">Muster</Text>
      </div>
      <PoolSwitcher />
      {onSearch !== undefined && (
        <button type="button" className={classes['search']} onClick={onSearch} title={t('rail.search')}>
          <FrameIcon name="search" />
          <Text kind="name">{t('rail.search')}</Text>
          <Text kind="keys">
            <KeyCaps keys="mod+k" />
          </Text>
        </button>
      )}
      <div className={classes['pages']}>
        {PAGE_GROUPS.map((group) => (
          <Group key={group} group={group} current={current} />
        ))}
      </div>
      <RailFoot />
    </nav>
  );
}

interface TextProps {
  readonly kind: 'name' | 'title' | 'count' | 'keys';
  readonly id?: string;
  readonly children: ReactNode;
}

/** In the rail of icons it stays for screen readers. */
const Text = ({ kind, id, children }: TextProps) => (
  <span id={id} className={`${classes[kind] ?? ''} visually-hidden-in-icon-rail`}>
    {children}
  </span>
);

function Group({ group, current }: { readonly group: PageGroup; readonly current: PageName }) {
  const { t } = useLabels();
  const id = useId();
  const pages = pagesIn(group);
  if (pages.length === 0) return null;
  const titled = group !== 'last';
  return (
    <div className={classes[titled ? 'group' : 'last']}>
      {titled && (
        <Text id={id} kind="title">
          {t(`rail.group.${group}`)}
        </Text>
      )}
      <ul {...(titled ? { 'aria-labelledby': id } : {})}>
        {pages.map((page) => (
          <PageItem key={page} page={page} isCurrent={page === current} />
        ))}
      </ul>
    </div>
  );
}

interface PageItemProps {
  readonly page: PageName;
  readonly isCurrent: boolean;
}

function PageItem({ page, isCurrent }: PageItemProps) {
  const isShown = useScreenState(({ app, preferences }) => app !== null && isListed(page, app, preferences)) || isCurrent;
  return isShown ? (
    <li>
      <PageLink page={page} isCurrent={isCurrent} />
    </li>
  ) : null;
}

/** In the rail the overviews of this computer and of the pool have the same short name: their group says of what. */
const IS_OVERVIEW: readonly PageName[] = ['computer', 'pool'];

function PageLink({ page, isCurrent }: PageItemProps) {
  const { t } = useLabels();
  const { count } = PAGE_TABLE[page];
  return (
    <a href={hrefOf({ page })} aria-current={isCurrent ? 'page' : undefined} title={t(`nav.${page}`)}>
      <PageIcon page={page} />
      <Text kind="name">{IS_OVERVIEW.includes(page) ? t('rail.overview') : t(`nav.${page}`)}</Text>
      {count !== undefined && <Count countOf={count} />}
    </a>
  );
}

/** Renders again only when the figure changes. */
function Count({ countOf }: { readonly countOf: NonNullable<PageEntry['count']> }) {
  const { format } = useLabels();
  const count = useApp((app) => countOf(app, format));
  return count === null ? null : <Text kind="count">{count}</Text>;
}
