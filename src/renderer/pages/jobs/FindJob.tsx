// To one job by its id, as a sender knows it from the answer or its header.
import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useWords } from '../../i18n/use-words';
import { goTo, useRoute } from '../../store/use-route';
import classes from './FindJob.module.css';

export function FindJob() {
  const { t } = useWords();
  const route = useRoute();
  const [id, setId] = useState('');
  const find = (event: FormEvent): void => {
    event.preventDefault();
    if (id.trim() !== '') goTo({ ...route, page: 'jobs', id: id.trim() });
  };
  return (
    <form className={classes['find']} onSubmit={find}>
      <TextInput
        size="xs"
        aria-label={t('jobs.find')}
        placeholder={t('jobs.find')}
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
        maxLength={128}
        spellCheck={false}
        autoComplete="off"
      />
      <Button type="submit" size="xs" variant="default" disabled={id.trim() === ''}>
        {t('jobs.find_do')}
      </Button>
    </form>
  );
}
