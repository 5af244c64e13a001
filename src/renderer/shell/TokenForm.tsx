// Asks for an access token: the program does not show its state without one.
import { Button, Checkbox, PasswordInput } from '@mantine/core';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { Card } from '../components/Card';
import { CopyField } from '../components/CopyField';
import { Dim } from '../components/Dim';
import { Facts } from '../components/Facts';
import { Path } from '../components/Path';
import { useLabels } from '../i18n/use-labels';
import type { SetToken } from '../store/Screen';
import { Mark } from './icons';
import classes from './Gate.module.css';

/** Where the host keeps the owner key. The page does not know the system of the host before it has a key. */
const KEY_FILES = [
  ['linux', '~/.local/share/muster/admin-token'],
  ['macos', '~/Library/Application Support/Muster/admin-token'],
  ['windows', '%LOCALAPPDATA%\\Muster\\admin-token'],
] as const;

export interface TokenFormProps {
  readonly isRefused: boolean;
  readonly onToken: SetToken;
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
        {/* A bookmark or a link may lead here, so the form names the program and the host. */}
        <p className={classes['brand']}>
          <Mark />
          <b>Muster</b>
          <Dim as="span">{window.location.host}</Dim>
        </p>
        <form onSubmit={submit}>
          <h1>{t('connection.unauthorized_title')}</h1>
          <CopyField label={t('connection.unauthorized_link')} value="muster dashboard" />
          <Dim as="p">{t('connection.unauthorized_text')}</Dim>
          <Facts facts={KEY_FILES.map(([system, file]) => [t(`settings.platform_${system}`), <Path key={system} path={file} />])} />
          <Dim as="p">{t('connection.unauthorized_folder')}</Dim>
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
