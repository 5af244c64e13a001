// The hero of this computer: its state, below it the reasons and the line of checks.
import type { ReactNode } from 'react';
import type { AppError } from '../../../shared/api/app-api';
import { ErrorNote } from '../../components/ErrorNote';
import { Hero } from '../../components/Hero';
import type { StatusShapeProps } from '../../components/StatusShape';
import type { Shape } from '../../labels/shape';
import { useLabels } from '../../i18n/use-labels';
import { ChecksLine } from './ChecksLine';

export interface HeroFrameProps {
  readonly shape: Shape;
  readonly progress?: StatusShapeProps['progress'];
  readonly title: ReactNode;
  /** Beside the title: marks such as `Simulated`. */
  readonly mark?: ReactNode;
  /** The source of the status and its age. */
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  /** The reasons, with numbers. */
  readonly reasons?: ReactNode;
  readonly error?: AppError | null;
}

export function HeroFrame({ title, mark, children, reasons, error = null, ...frame }: HeroFrameProps) {
  const { t } = useLabels();
  return (
    <Hero
      {...frame}
      label={t('hero.label')}
      title={
        <>
          {title} {mark}
        </>
      }
      reasons={[...(reasons === undefined ? [] : [reasons]), ...(error === null ? [] : [<ErrorNote key="error" error={error} />])]}
      foot={<ChecksLine />}
    >
      {children}
    </Hero>
  );
}
