// Shown instead of the pages until the first snapshot arrives, or until the user enters an access token.
import { Button, PasswordInput } from '@mantine/core';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { useNow } from '../clock/Clock';
import { Card } from '../components/Card';
import { Dim } from '../components/Dim';
import { StatusShape } from '../components/StatusShape';
import { useLabels } from '../i18n/use-labels';
import { useScreen, useScreenState } from '../store/Screen';
import { Shell } from './Shell';
import classes from './Gate.module.css';

const SLOW_AFTER_MS = 5000;

export function Gate() {
  const { setToken: sendToken } = useScreen();
  const isUnauthorized = useScreenState((state) => state.connection === 'unauthorized');
  const hasSnapshot = useScreenState((state) => state.app !== null);
  const [hasTried, setHasTried] = useState(false);
  if (isUnauthorized && sendToken !== null) {
    const open = (token: string): void => {
      setHasTried(true);
      sendToken(token);
    };
    return <TokenForm isRefused={hasTried} onToken={open} />;
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

function TokenForm({ isRefused, onToken }: { readonly isRefused: boolean; readonly onToken: (token: string) => void }) {
  const { t } = useLabels();
  const [token, setToken] = useState('');
  const field = useRef<HTMLInputElement>(null);
  // The form replaces the page, and with the page the element that had the focus.
  useEffect(() => field.current?.focus(), []);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (token.trim() !== '') onToken(token.trim());
  };
  return (
    <main className={classes['gate']}>
      <Card label={t('connection.unauthorized_title')} className={classes['form']}>
        <form onSubmit={submit}>
          <h1>{t('connection.unauthorized_title')}</h1>
          <Dim as="p">{t('connection.unauthorized_text')}</Dim>
          <PasswordInput
            label={t('connection.token')}
            description={t('connection.token_kept')}
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
            error={isRefused && token === '' ? t('connection.token_refused') : undefined}
            autoComplete="off"
            ref={field}
          />
          <Button type="submit" disabled={token.trim() === ''}>
            {t('connection.open')}
          </Button>
        </form>
      </Card>
    </main>
  );
}
