// The field for a key that opens the dashboard.
import { Button, Checkbox, PasswordInput } from '@mantine/core';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { useLabels } from '../i18n/use-labels';
import type { SetToken } from '../store/Screen';
import classes from './Gate.module.css';

export interface KeyEntryProps {
  /** Why the last key did not open the dashboard. Null: none was entered. */
  readonly refusal: string | null;
  readonly onToken: SetToken;
}

export function KeyEntry({ refusal, onToken }: KeyEntryProps) {
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
    <form className={classes['parts']} onSubmit={submit}>
      <PasswordInput
        label={t('connection.token')}
        value={token}
        onChange={(event) => setToken(event.currentTarget.value)}
        error={token === '' ? refusal : undefined}
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
  );
}
