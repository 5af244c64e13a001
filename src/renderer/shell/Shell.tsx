// The frame: rail, room, status bar. Below 900 px the rail becomes icons, below 600 px a bar at the bottom.
import { useEffect, useRef } from 'react';
import { useWords } from '../i18n/use-words';
import { useApp, useScreenState } from '../store/Screen';
import { ConnectionBanner } from './ConnectionBanner';
import { Rail } from './Rail';
import { RoomBoundary } from './RoomBoundary';
import { RoomView } from './RoomView';
import { roomOf } from './rooms';
import { StatusBar } from './StatusBar';
import { useHash } from './use-hash';
import classes from './Shell.module.css';

export function Shell() {
  const { t } = useWords();
  const hash = useHash();
  const room = useApp((app) => roomOf(hash, app));
  const isOpen = useScreenState((state) => state.connection === 'open');
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${t(`nav.${room}`)} · Muster`;
    main.current?.scrollTo?.(0, 0);
  }, [room, t]);
  return (
    <div className={classes['shell']}>
      <a
        className={classes['skip']}
        href={`#/${room}`}
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {t('nav.skip')}
      </a>
      <Rail current={room} />
      <main ref={main} className={classes['main']} tabIndex={-1} data-stale={isOpen ? undefined : ''}>
        <ConnectionBanner />
        <div className={classes['room']}>
          <RoomBoundary key={room} room={room}>
            <RoomView room={room} />
          </RoomBoundary>
        </div>
      </main>
      <StatusBar />
    </div>
  );
}
