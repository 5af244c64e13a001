// The level of a line. Only warnings and errors have a shape.
import type { LogLine } from '../../../shared/api/logs';
import { StatusLabel } from '../../components/StatusLabel';
import { useLabels } from '../../i18n/use-labels';
import { isMarked, LEVEL_SHAPES } from './log-text';

export interface LogLevelProps {
  readonly level: LogLine['level'];
  /** Without space for its word. */
  readonly isShort?: boolean;
}

export function LogLevel({ level, isShort = false }: LogLevelProps) {
  const { t } = useLabels();
  const word = <span className={isShort ? 'visually-hidden' : undefined}>{t(`log_level.${level}`)}</span>;
  return isMarked(level) ? <StatusLabel shape={LEVEL_SHAPES[level]} label={word} /> : word;
}
