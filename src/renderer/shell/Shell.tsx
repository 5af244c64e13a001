// The frame: rail, page, status bar. Below 900 px the rail becomes icons, below 600 px a bar at the bottom.
import { useEffect, useRef } from 'react';
import { useWords } from '../i18n/use-words';
import { useApp, useScreenState } from '../store/Screen';
import { ConnectionBanner } from './ConnectionBanner';
import { Rail } from './Rail';
import { PageBoundary } from './PageBoundary';
import { PageView } from './PageView';
import { pageOf } from './pages';
import { StatusBar } from './StatusBar';
import { useHash } from './use-hash';
import classes from './Shell.module.css';

export function Shell() {
  const { t } = useWords();
  const hash = useHash();
  const page = useApp((app) => pageOf(hash, app));
  const isOpen = useScreenState((state) => state.connection === 'open');
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${t(`nav.${page}`)} · Muster`;
    main.current?.scrollTo?.(0, 0);
  }, [page, t]);
  return (
    <div className={classes['shell']}>
      <a
        className={classes['skip']}
        href={`#/${page}`}
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
    </div>
  );
}
