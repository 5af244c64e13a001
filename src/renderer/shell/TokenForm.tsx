// Asks for an access token: the program does not show its state without one.
import { Button, Checkbox, PasswordInput } from '@mantine/core';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import type { TokenScope } from '../api/token-store';
import { Card } from '../components/Card';
import { Dim } from '../components/Dim';
import { useLabels } from '../i18n/use-labels';
import classes from './Gate.module.css';

export interface TokenFormProps {
  readonly isRefused: boolean;
  readonly onToken: (token: string, scope: TokenScope) => void;
}

export function TokenForm({ isRefused, onToken }: TokenFormProps) {
  const { t } = useLabels();
  const [token, setToken] = useState('');
  const [isRemembered, setIsRemembered] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  // The form replaces the page, and with the page the element that had the focus.
  useEffect(() => field.current?.focus(), []);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (token.trim() !== '') onToken(token.trim(), isRemembered ? 'browser' : 'tab');
  };
  return (
    <main className={classes['gate']}>
      <Card label={t('connection.unauthorized_title')} className={classes['form']}>
        <form onSubmit={submit}>
          <h1>{t('connection.unauthorized_title')}</h1>
          <Dim as="p">{t('connection.unauthorized_text')}</Dim>
          <PasswordInput
            label={t('connection.token')}
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
            error={isRefused && token === '' ? t('connection.token_refused') : undefined}
            autoComplete="off"
            ref={field}
          />
          <Checkbox
            label={t('connection.remember')}
            description={t(isRemembered ? 'connection.token_remembered' : 'connection.token_kept')}
            checked={isRemembered}
            onChange={({ currentTarget }) => setIsRemembered(currentTarget.checked)}
          />
          <Button type="submit" disabled={token.trim() === ''}>
            {t('connection.open')}
          </Button>
        </form>
      </Card>
    </main>
  );
}
