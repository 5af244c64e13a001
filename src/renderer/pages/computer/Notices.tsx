// Notices for the owner, until they are dismissed.
import { memo } from 'react';
import { Button } from '@mantine/core';
import type { Notice } from '../../../shared/api/agent-view';
import { Ago } from '../../components/Time';
import { Card } from '../../components/Card';
import { ErrorNote } from '../../components/ErrorNote';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import classes from './Notices.module.css';

export const Notices = memo(function Notices({ notices }: { readonly notices: readonly Notice[] }) {
  const { t } = useLabels();
  const dismiss = useOperation('agent.dismiss_notice');
  if (notices.length === 0) return null;
  return (
    <Card title={t('notices.title')} tone="warning">
      <ul className={classes['notices']}>
        {notices.map(({ id, at, code, details }) => (
          <li key={id}>
            <span>{t(`notice.${code}`, { old_node_id: textOf(details['old_node_id']), reason: textOf(details['reason']) })}</span>
            <span className={classes['age']}>
              <Ago wallMs={at} />
            </span>
            <Button size="compact-sm" variant="default" onClick={() => void dismiss.run({ id })}>
              {t('action.dismiss')}
            </Button>
          </li>
        ))}
      </ul>
      <ErrorNote error={dismiss.error} />
    </Card>
  );
});

const textOf = (detail: unknown): string => (typeof detail === 'string' || typeof detail === 'number' ? String(detail) : '');
