// The layout of a hero: shape at the left, text beside it, actions at the right, below them the reasons and the line of checks.
import type { ReactNode } from 'react';
import type { AppError } from '../../../shared/api/app-api';
import { Card } from '../../components/Card';
import { ErrorNote } from '../../components/ErrorNote';
import { StatusShape, type StatusShapeProps } from '../../components/StatusShape';
import type { Shape } from '../../labels/shape';
import { useLabels } from '../../i18n/use-labels';
import { useApp } from '../../store/Screen';
import { ChecksLine } from './ChecksLine';
import classes from './HeroFrame.module.css';

export interface HeroFrameProps {
  readonly shape: Shape;
  readonly progress?: StatusShapeProps['progress'];
  readonly title: string;
  /** Beside the title: marks such as `Simulated`. */
  readonly mark?: ReactNode;
  /** The source of the status and its age. */
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  /** The reasons, with numbers. */
  readonly reasons?: ReactNode;
  readonly error?: AppError | null;
}

export function HeroFrame({ shape, progress, title, mark, children, actions, reasons, error = null }: HeroFrameProps) {
  const { t } = useLabels();
  const agent = useApp((app) => app.agent);
  return (
    <Card label={t('hero.label')}>
      <div className={classes['hero']}>
        <StatusShape shape={shape} size={44} progress={progress} />
        <div className={classes['text']}>
          <h2>
            {title} {mark}
          </h2>
          {children}
        </div>
        {actions !== undefined && <div className={classes['actions']}>{actions}</div>}
      </div>
      {reasons !== undefined && <div className={classes['reasons']}>{reasons}</div>}
      {error !== null && (
        <div className={classes['reasons']}>
          <ErrorNote error={error} />
        </div>
      )}
      {agent !== null && <ChecksLine agent={agent} />}
    </Card>
  );
}
