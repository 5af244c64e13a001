// Searches the listed jobs, and opens any job of the pool by its id, which clients know from the response.
import { Button, TextInput } from '@mantine/core';
import type { SubmitEvent } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { goTo, useRoute } from '../../store/use-route';
import classes from './JobSearch.module.css';

export function JobSearch() {
  const { t } = useLabels();
  const route = useRoute();
  const id = route.search.trim();
  const open = (event: SubmitEvent): void => {
    event.preventDefault();
    if (id !== '') goTo({ ...route, page: 'jobs', id, search: '' });
  };
  return (
    <form className={classes['find']} onSubmit={open}>
      <TextInput
        className={classes['field'] ?? ''}
        aria-label={t('table.search_jobs')}
        placeholder={t('table.search_jobs')}
        value={route.search}
        onChange={(event) => goTo({ ...route, page: 'jobs', search: event.currentTarget.value }, { replace: true })}
        maxLength={128}
        spellCheck={false}
        autoComplete="off"
      />
      <Button type="submit" variant="default" disabled={id === ''}>
        {t('jobs.find_do')}
      </Button>
    </form>
  );
}
