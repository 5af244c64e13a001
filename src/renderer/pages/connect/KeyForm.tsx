// A key that the user already has: typed or pasted, then filled in everywhere on the page.
import { Button, PasswordInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { programKeySchema } from '../../../shared/api/ask';
import { useLabels } from '../../i18n/use-labels';
import classes from './ConnectPage.module.css';

export function KeyForm({ onKey }: { readonly onKey: (key: string) => void }) {
  const { t } = useLabels();
  const [typed, setTyped] = useState('');
  const key = typed.trim();
  const isKey = programKeySchema.safeParse(key).success;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isKey) onKey(key);
  };
  return (
    <form className={classes['keyForm']} onSubmit={submit}>
      <PasswordInput
        aria-label={t('connect.own_key')}
        placeholder={t('connect.own_key')}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        error={key !== '' && !isKey ? t('connect.not_a_key') : undefined}
        autoComplete="off"
      />
      <Button type="submit" variant="default" disabled={!isKey}>
        {t('connect.use_key')}
      </Button>
    </form>
  );
}
