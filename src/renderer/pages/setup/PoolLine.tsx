// Step 2 once a pool exists: its state in one line, with the next steps beside it.
import type { ReactNode } from 'react';
import { Card } from '../../components/Card';
import { Dim } from '../../components/Dim';
import { StatusShape } from '../../components/StatusShape';
import { useLabels } from '../../i18n/use-labels';
import type { Shape } from '../../labels/shape';
import classes from './SetupPage.module.css';

export interface PoolLineProps {
  readonly shape: Shape;
  readonly title: string;
  readonly note?: string;
  readonly children?: ReactNode;
}

export function PoolLine({ shape, title, note, children }: PoolLineProps) {
  const { t } = useLabels();
  return (
    <Card label={t('pool.joined_title')}>
      <div className={classes['pool']}>
        <p role="status">
          <StatusShape shape={shape} size={16} />
          <b>{title}</b>
          {note !== undefined && <Dim as="span">{note}</Dim>}
        </p>
        {children}
      </div>
    </Card>
  );
}
