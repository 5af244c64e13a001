// The frame: rail, page, and beside the page the drawer. Below 900 px the rail shows icons, below 600 px there are tabs at the bottom.
import { useEffect, useMemo, useRef, useState } from 'react';
import { openPalette } from '../components/commands/commands';
import { SimulationBanner } from '../components/sharing/SimulationBanner';
import { DrawerSlotProvider } from '../components/Drawer/DrawerSlot';
import { type Shortcut, useShortcuts } from '../components/shortcuts/use-shortcuts';
import { useIsPhone } from '../components/use-is-phone';
import { useLabels } from '../i18n/use-labels';
import { hrefOf, type PageName } from '../routes';
import { useApp, useScreenState } from '../store/Screen';
import { usePoolLost } from '../store/use-pool-lost';
import { useRoutePart } from '../store/use-route';
import { ConnectionBanner } from './ConnectionBanner';
import { PageBoundary } from './PageBoundary';
import { FRAME_PART, PAGE_PARTS } from './late-parts';
import { isOfPool, pageOf, partsOf } from './pages';
import { PhoneMenu } from './PhoneMenu';
import { PhoneOwnBar } from './PhoneOwnBar';
import { PhoneTabs } from './PhoneTabs';
import { PoolLostBanner } from './PoolLostBanner';
import { Rail } from './Rail';
import { useOpenedLink, useRefusedLink } from './use-opened-link';
import classes from './Shell.module.css';

export function Shell() {
  const { t } = useLabels();
  const wanted = useRoutePart((route) => route.page);
  const setupEnded = useScreenState((state) => state.preferences.setupEnded);
  const page = useApp((app) => pageOf(wanted, partsOf(app), setupEnded));
  const { View: Page } = PAGE_PARTS[page];
  const isPoolLost = usePoolLost();
  const isOpen = useScreenState((state) => state.connection === 'open');
  // The pages Pool and Models have parts of this computer, which are of now.
  const isOld = !isOpen || (isPoolLost && isOfPool(page) && page !== 'pool' && page !== 'models');
  useShortcuts(useMemo((): readonly Shortcut[] => [{ keys: 'mod+k', label: t('shortcut.palette'), run: openPalette }], [t]));
  const main = useRef<HTMLElement>(null);
  const [drawerSlot, setDrawerSlot] = useState<HTMLDivElement | null>(null);
  useOpenedLink();
  useRefusedLink();
  useEffect(() => {
    document.title = `${t(`nav.${page}`)} · Muster`;
    main.current?.scrollTo(0, 0);
  }, [page, t]);
  return (
    <div className={classes['shell']}>
      <SkipLink page={page} onSkip={() => main.current?.focus()} />
      <Navigation page={page} />
      <DrawerSlotProvider value={drawerSlot}>
        <main ref={main} className={classes['main']} tabIndex={-1} data-page={page} data-stale={isOld ? '' : undefined}>
          <ConnectionBanner />
          <SimulationBanner />
          {isOfPool(page) && <PoolLostBanner />}
          <PageBoundary key={page} page={page}>
            <Page loading={<div aria-busy="true" data-page-loading="" />} />
          </PageBoundary>
        </main>
      </DrawerSlotProvider>
      <div ref={setDrawerSlot} className={classes['drawer']} data-stale={isOld ? '' : undefined} />
      <FRAME_PART.View />
    </div>
  );
}

/** A landmark of its own: every part of a page is in one. */
function SkipLink({ page, onSkip }: { readonly page: PageName; readonly onSkip: () => void }) {
  const { t } = useLabels();
  return (
    <nav className={classes['skip']} aria-label={t('nav.skip')}>
      <a
        href={hrefOf({ page })}
        onClick={(event) => {
          event.preventDefault();
          onSkip();
        }}
      >
        {t('nav.skip')}
      </a>
    </nav>
  );
}

function Navigation({ page }: { readonly page: PageName }) {
  const isPhone = useIsPhone();
  // "More" closes when another page opens.
  const [moreOpenOn, setMoreOpenOn] = useState<PageName | null>(null);
  const isMoreOpen = moreOpenOn === page;
  if (!isPhone) return <Rail current={page} onSearch={openPalette} />;
  return (
    <>
      {/* The menu has the state and the switch at its end. */}
      {isMoreOpen ? <PhoneMenu current={page} onClose={() => setMoreOpenOn(null)} /> : <PhoneOwnBar />}
      <PhoneTabs current={page} isMoreOpen={isMoreOpen} onMore={(isOpen) => setMoreOpenOn(isOpen ? page : null)} />
    </>
  );
}
