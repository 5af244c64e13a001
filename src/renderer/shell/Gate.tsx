// Shown instead of the pages until the first snapshot arrives, or until the user enters an access token.
import { useState } from 'react';
import { useNow } from '../clock/Clock';
import { Dim } from '../components/Dim';
import { StatusShape } from '../components/StatusShape';
import { useLabels } from '../i18n/use-labels';
import { type SetToken, useScreen, useScreenState } from '../store/Screen';
import { PROGRAM_KEY_PART, TOKEN_PART } from './late-parts';
import { Shell } from './Shell';
import classes from './Gate.module.css';

const SLOW_AFTER_MS = 5000;

export function Gate() {
  const { setToken: sendToken } = useScreen();
  const denial = useScreenState(({ connection }) => (connection === 'unauthorized' || connection === 'forbidden' ? connection : null));
  const hasSnapshot = useScreenState((state) => state.app !== null);
  /** The key that the user has entered last. */
  const [tried, setTried] = useState<string | null>(null);
  if (denial !== null && sendToken !== null) {
    const open: SetToken = (token, scope) => {
      setTried(token);
      sendToken(token, scope);
    };
    if (denial === 'unauthorized') return <TOKEN_PART.View isRefused={tried !== null} onToken={open} />;
    return <PROGRAM_KEY_PART.View key={tried} tried={tried} onToken={open} />;
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
