// Shown instead of the pages until the first snapshot arrives, or until the user enters an access token.
import { useState } from 'react';
import type { TokenScope } from '../api/token-store';
import { useNow } from '../clock/Clock';
import { Dim } from '../components/Dim';
import { StatusShape } from '../components/StatusShape';
import { useLabels } from '../i18n/use-labels';
import { useScreen, useScreenState } from '../store/Screen';
import { TOKEN_PART } from './late-parts';
import { Shell } from './Shell';
import classes from './Gate.module.css';

const SLOW_AFTER_MS = 5000;

export function Gate() {
  const { setToken: sendToken } = useScreen();
  const isUnauthorized = useScreenState((state) => state.connection === 'unauthorized');
  const hasSnapshot = useScreenState((state) => state.app !== null);
  const [hasTried, setHasTried] = useState(false);
  if (isUnauthorized && sendToken !== null) {
    const open = (token: string, scope: TokenScope): void => {
      setHasTried(true);
      sendToken(token, scope);
    };
    return <TOKEN_PART.View isRefused={hasTried} onToken={open} />;
  }
  return hasSnapshot ? <Shell /> : <Waiting />;
}

function Waiting() {
  const { t } = useLabels();
  const since = useScreenState((state) => state.connectionSinceWallMs);
  const isSlow = useNow() - since > SLOW_AFTER_MS;
  return (
    <main className={classes['gate']}>
      <div className={classes['waiting']} role="status">
        <StatusShape shape="waiting" size={44} />
        <p>{t('connection.loading')}</p>
        {isSlow && <Dim as="p">{t('connection.slow')}</Dim>}
      </div>
    </main>
  );
}
