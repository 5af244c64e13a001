// The update of the app: its state in one sentence, and the next step as a button.
import { Button } from '@mantine/core';
import type { OperationName } from '../../../shared/api/app-api';
import type { UpdatePhase, UpdateView } from '../../../shared/api/update';
import { assertNever } from '../../../shared/assert-never';
import { Card } from '../../components/Card';
import { ErrorNote } from '../../components/ErrorNote';
import { type Labels, useLabels } from '../../i18n/use-labels';
import { useToday } from '../../clock/Clock';
import { useOperation } from '../../queries/use-operation';
import { useApp } from '../../store/Screen';
import classes from './SettingsPage.module.css';

type UpdateOperation = Extract<OperationName, `update.${string}`>;

interface Shown {
  readonly title: string;
  readonly help: string;
  /** Of a failure, from the system or the server: not translated. */
  readonly reason?: string | null;
  /** Null: the app is at work, or cannot update itself. */
  readonly step: { readonly operation: UpdateOperation; readonly text: string; readonly isPrimary: boolean } | null;
  /** From 0 to 1. */
  readonly progress?: number;
}

export function UpdateCard({ update }: { readonly update: UpdateView }) {
  const labels = useLabels();
  const version = useApp(({ app }) => app.version);
  const { title, help, reason = null, step, progress } = shownUpdate(labels, update, version, useToday());
  const runs = {
    'update.check': useOperation('update.check'),
    'update.download': useOperation('update.download'),
    'update.cancel': useOperation('update.cancel'),
    'update.install': useOperation('update.install'),
  };
  const error = Object.values(runs).find((run) => run.error !== null)?.error ?? null;
  return (
    <Card title={labels.t('settings.version')}>
      <div className={classes['restart']}>
        <div className={classes['update']} role="status">
          <b>{title}</b>
          <p className={classes['waiting']}>{help}</p>
          {reason !== null && <p className={classes['waiting']}>{labels.t('update.reason', { reason })}</p>}
          {progress !== undefined && <progress className={classes['progress']} value={progress} aria-label={title} />}
        </div>
        {step !== null && (
          <Button
            size="xs"
            variant={step.isPrimary ? 'filled' : 'default'}
            loading={runs[step.operation].pending}
            onClick={() => void runs[step.operation].run({})}
          >
            {step.text}
          </Button>
        )}
      </div>
      <ErrorNote error={error} />
    </Card>
  );
}

function shownUpdate(
  { t, format, code, gap }: Labels,
  { obstacle, phase, checked_at: checkedAt }: UpdateView,
  version: string,
  nowWallMs: number,
): Shown {
  const have = (text: string): string => `${text}${gap}${t('update.have', { version })}`;
  const check = { operation: 'update.check', text: t('update.check'), isPrimary: false } as const;
  if (obstacle !== null) return { title: t('update.current', { version }), help: code('update_obstacle', obstacle), step: null };
  switch (phase.state) {
    case 'idle':
      return checkedAt === null
        ? { title: t('update.current', { version }), help: t('update.current_help'), step: check }
        : {
            title: t('update.up_to_date', { version }),
            help: t('update.checked', { time: format.clock(checkedAt, nowWallMs) }),
            step: check,
          };
    case 'checking':
      return { title: t('update.current', { version }), help: t('update.checking'), step: null };
    case 'available':
      return {
        title: t('update.available', { version: phase.version }),
        help: have(t('update.available_help', { size: format.bytes(phase.size_bytes) })),
        step: { operation: 'update.download', text: t('update.download'), isPrimary: true },
      };
    case 'downloading':
      return {
        ...downloading({ t, format }, phase),
        step: { operation: 'update.cancel', text: t('update.cancel'), isPrimary: false },
      };
    case 'ready':
      return {
        title: t('update.ready', { version: phase.version }),
        help: have(t('update.ready_help')),
        step: { operation: 'update.install', text: t('update.install'), isPrimary: true },
      };
    case 'installing':
      return { title: t('update.installing', { version: phase.version }), help: '', step: null };
    case 'failed':
      return {
        title: t(`update_failed.${phase.step}`),
        help: have(t(`update_fault.${phase.fault}`)),
        reason: phase.reason,
        step: { ...check, text: t('update.again') },
      };
    default:
      return assertNever(phase);
  }
}

function downloading({ t, format }: Pick<Labels, 't' | 'format'>, phase: Extract<UpdatePhase, { state: 'downloading' }>) {
  const { version, received_bytes: received, size_bytes: size } = phase;
  return {
    title: t('update.downloading', { version }),
    help:
      received === 0 ? t('update.waiting') : t('update.downloading_help', { received: format.bytes(received), size: format.bytes(size) }),
    progress: size === 0 ? 0 : received / size,
  };
}
