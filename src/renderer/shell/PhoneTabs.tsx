// Windows below 600 px: five tabs at the bottom instead of the rail. "More" opens the rail over the page.
import { useLabels } from '../i18n/use-labels';
import { hrefOf, type PageName } from '../routes';
import { FrameIcon, PageIcon } from './icons';
import { OwnShape } from './OwnState';
import classes from './PhoneTabs.module.css';

const TABS: readonly PageName[] = ['computer', 'pool', 'jobs', 'try'];

export interface PhoneTabsProps {
  readonly current: PageName;
  readonly isMoreOpen: boolean;
  readonly onMore: (isOpen: boolean) => void;
}

export function PhoneTabs({ current, isMoreOpen, onMore }: PhoneTabsProps) {
  const { t } = useLabels();
  return (
    <nav className={classes['tabs']} aria-label={t('nav.tabs')}>
      {TABS.map((page) => (
        <a
          key={page}
          href={hrefOf({ page })}
          aria-current={page === current && !isMoreOpen ? 'page' : undefined}
          onClick={() => onMore(false)}
        >
          <span className={classes['icon']}>
            <PageIcon page={page} size={20} />
            {page === 'computer' && (
              <span className={classes['state']}>
                <OwnShape size={12} />
              </span>
            )}
          </span>
          {page === 'computer' ? t('rail.tab_computer') : t(`nav.${page}`)}
        </a>
      ))}
      <button
        type="button"
        aria-expanded={isMoreOpen}
        data-current={isMoreOpen || !TABS.includes(current) ? '' : undefined}
        onClick={() => onMore(!isMoreOpen)}
      >
        <FrameIcon name="more" size={20} />
        {t('rail.more')}
      </button>
    </nav>
  );
}
