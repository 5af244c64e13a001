// The frame: rail, page, status bar. Below 900 px the rail becomes icons, below 600 px a bar at the bottom.
import { useEffect, useRef } from 'react';
import { useLabels } from '../i18n/use-labels';
import { JoinRequestDialog } from '../pages/members/JoinRequestDialog';
import { hrefOf } from '../routes';
import { useApp, useScreenState } from '../store/Screen';
import { useRoutePart } from '../store/use-route';
import { ConnectionBanner } from './ConnectionBanner';
import { PageBoundary } from './PageBoundary';
import { PageView } from './PageView';
import { pageOf, partsOf } from './pages';
import { Rail } from './Rail';
import { StatusBar } from './StatusBar';
import { useOpenedLink } from './use-opened-link';
import classes from './Shell.module.css';

export function Shell() {
  const { t } = useLabels();
  const wanted = useRoutePart((route) => route.page);
  const page = useApp((app) => pageOf(wanted, partsOf(app)));
  const isOpen = useScreenState((state) => state.connection === 'open');
  const main = useRef<HTMLElement>(null);
  useOpenedLink();
  useEffect(() => {
    document.title = `${t(`nav.${page}`)} · Muster`;
    main.current?.scrollTo(0, 0);
  }, [page, t]);
  return (
    <div className={classes['shell']}>
      <a
        className={classes['skip']}
        href={hrefOf({ page })}
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {t('nav.skip')}
      </a>
      <Rail current={page} />
      <main ref={main} className={classes['main']} tabIndex={-1} data-stale={isOpen ? undefined : ''}>
        <ConnectionBanner />
        <div className={classes['page']}>
          <PageBoundary key={page} page={page}>
            <PageView page={page} />
          </PageBoundary>
        </div>
      </main>
      <StatusBar />
      <JoinRequestDialog />
    </div>
  );
}
