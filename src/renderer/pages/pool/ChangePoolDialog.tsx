// Changes the pool of this computer in three steps: tests the connection, says what will change and asks, then changes. Until the new pool
// works, the program keeps the present one. A failed test leaves no button that changes something.
import { Button, Group, Modal, Stack } from '@mantine/core';
import type { AppError } from '../../../shared/api/app-api';
import { ErrorNote } from '../../components/ErrorNote';
import { StatusLine } from '../../components/StatusLine';
import { isCode, useLabels } from '../../i18n/use-labels';
import { usePoolName } from '../../components/own/use-pool-name';
import { useConnectionTest } from '../../queries/pools';
import { useOperation } from '../../queries/use-operation';
import { ChangeConsequences } from './ChangeConsequences';
import { JoinSteps } from './JoinSteps';
import { type PoolChange, testedNameOf } from '../../queries/pool-change';

export interface ChangePoolDialogProps {
  /** Null: closed. */
  readonly change: PoolChange | null;
  readonly onClose: () => void;
  /** The computer is in the new pool. */
  readonly onChanged?: () => void;
}

export function ChangePoolDialog({ change, onClose, onChanged }: ChangePoolDialogProps) {
  return change === null ? null : <Question change={change} onClose={onClose} onChanged={onChanged} />;
}

const TITLES = { join: 'change_pool.join_title', switch: 'change_pool.switch_title', own: 'change_pool.own_title' } as const;
const BUTTONS = { join: 'change_pool.do_join', switch: 'change_pool.do_switch', own: 'change_pool.do_start' } as const;

interface QuestionProps {
  readonly change: PoolChange;
  readonly onClose: () => void;
  readonly onChanged: (() => void) | undefined;
}

function Question({ change: asked, onClose, onChanged }: QuestionProps) {
  const { t } = useLabels();
  const test = useConnectionTest(asked);
  const { pending, error, run } = useChange(asked);
  const steps = test.isFetching ? null : (test.value?.steps ?? null);
  // A link has no name, so its address names the pool until the pool says its own.
  const poolName = asked.kind === 'join' ? testedNameOf(steps) : null;
  const change = poolName === null ? asked : { ...asked, name: poolName };
  const hasPassed = steps?.every(({ outcome }) => outcome === 'passed') === true;
  const start = async (): Promise<void> => {
    if (!(await run())) return;
    onChanged?.();
    onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={!pending}
      title={t(TITLES[change.kind], { name: change.name })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack gap="md">
        {change.kind !== 'own' && (
          <div role="status">
            {test.isFetching ? (
              <StatusLine shape="waiting">{t('change_pool.testing')}</StatusLine>
            ) : (
              steps !== null && (
                <StatusLine shape={hasPassed ? 'available' : 'refused'}>
                  {t(hasPassed ? 'change_pool.works' : 'change_pool.failed')}
                </StatusLine>
              )
            )}
          </div>
        )}
        {steps !== null && !hasPassed && <JoinSteps steps={steps} />}
        <ErrorNote error={test.isFetching ? null : test.error} />
        {poolName !== null && <p>{t('change_pool.host', { name: poolName, address: asked.name })}</p>}
        {hasPassed && error === null && !pending && <ChangeConsequences change={change} />}
        {pending && (
          <div role="status">
            <StatusLine shape="waiting">{t('change_pool.changing', { name: change.name })}</StatusLine>
          </div>
        )}
        {error !== null && <NotChanged error={error} />}
        <Group justify="flex-end" gap="xs">
          {!hasPassed && (
            <Button variant="default" loading={test.isFetching} onClick={test.refetch}>
              {t('change_pool.again')}
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            {t(hasPassed ? 'action.cancel' : 'action.close')}
          </Button>
          {hasPassed && (
            <Button loading={pending} onClick={() => void start()}>
              {t(BUTTONS[change.kind])}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function NotChanged({ error }: { readonly error: AppError }) {
  const { t } = useLabels();
  const from = usePoolName();
  const reason = error.details?.['reason'];
  const known = error.code === 'NOT_JOINED' && typeof reason === 'string' && isCode('not_joined', reason) ? reason : null;
  return (
    <div>
      {known === null ? <ErrorNote error={error} /> : <Reason reason={known} code={error.details?.['code']} />}
      <p>{from === null ? t('change_pool.kept_none') : t('change_pool.kept', { from })}</p>
    </div>
  );
}

/** The code of the scheduler says why. */
function Reason({ reason, code }: { readonly reason: string; readonly code: unknown }) {
  const labels = useLabels();
  return (
    <div role="alert">
      <StatusLine shape="refused">{labels.code('not_joined', reason)}</StatusLine>
      {typeof code === 'string' && <ErrorNote error={{ code, message: '', details: null }} />}
    </div>
  );
}

function useChange(change: PoolChange): {
  readonly pending: boolean;
  readonly error: AppError | null;
  readonly run: () => Promise<boolean>;
} {
  const join = useOperation('join.connect');
  const switching = useOperation('pools.switch');
  const start = useOperation('host.start');
  const operation = change.kind === 'join' ? join : change.kind === 'switch' || change.scope === null ? switching : start;
  const run = async (): Promise<boolean> => {
    if (change.kind === 'join') return (await join.run(change.address)).ok;
    if (change.kind === 'switch') return (await switching.run({ pool_id: change.poolId })).ok;
    return change.scope === null ? (await switching.run({ pool_id: 'own' })).ok : (await start.run({ scope: change.scope })).ok;
  };
  return { pending: operation.pending, error: operation.error, run };
}
