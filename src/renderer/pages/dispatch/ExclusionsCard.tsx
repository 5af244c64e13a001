// Why dispatches found nobody, counted per reason since the last reset. Asked for on arrival and on demand.
import { Button, Group } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { AppError } from '../../../shared/api/app-api';
import type { Exclusions } from '../../../shared/api/dispatch';
import { EXCLUSION_REASONS } from '../../../shared/protocol/status';
import { ClockTime } from '../../components/Ago';
import { Card } from '../../components/Card';
import { Code } from '../../components/Code';
import { ErrorNote } from '../../components/ErrorNote';
import { NodeNames } from '../../components/NodeName';
import { Rich } from '../../components/Rich';
import { useWords } from '../../i18n/use-words';
import { useScreen } from '../../store/Screen';
import classes from './ExclusionsCard.module.css';

export function ExclusionsCard() {
  const { t, format } = useWords();
  const { api } = useScreen();
  const [exclusions, setExclusions] = useState<Exclusions | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const load = useCallback(async () => {
    const outcome = await api.call('pool.exclusions', {});
    if (outcome.ok) setExclusions(outcome.value);
    setError(outcome.ok ? null : outcome.error);
  }, [api]);
  useEffect(() => {
    let isShown = true;
    void api.call('pool.exclusions', {}).then((outcome) => {
      if (!isShown) return;
      if (outcome.ok) setExclusions(outcome.value);
      else setError(outcome.error);
    });
    return () => {
      isShown = false;
    };
  }, [api]);
  const reset = async (): Promise<void> => {
    const outcome = await api.call('pool.reset_exclusions', {});
    if (outcome.ok) await load();
    else setError(outcome.error);
  };
  const counted = EXCLUSION_REASONS.flatMap((code) => {
    const reason = exclusions?.reasons[code];
    return reason === undefined ? [] : [{ code, ...reason }];
  }).sort((one, other) => other.count - one.count);
  const since =
    exclusions === null ? undefined : <Rich k="dispatch.exclusions_since" values={{ since: <ClockTime timeMs={exclusions.since} /> }} />;
  return (
    <Card title={t('dispatch.exclusions')} aside={since}>
      {exclusions !== null && counted.length === 0 && (
        <p className={classes['dim']}>
          <Rich k="dispatch.exclusions_none" values={{ since: <ClockTime timeMs={exclusions.since} /> }} />
        </p>
      )}
      <ul className={classes['reasons']}>
        {counted.map(({ code, count, examples }) => (
          <li key={code}>
            <b>{format.number(count)}</b>
            <span>
              {t(`exclusion.${code}`)} <Code>{code}</Code>
            </span>
            <span className={classes['dim']}>
              {examples.length > 0 && <Rich k="dispatch.examples" values={{ nodes: <NodeNames nodeIds={examples} /> }} />}
            </span>
          </li>
        ))}
      </ul>
      <ErrorNote error={error} />
      <Group gap="xs" mt="xs">
        <Button size="compact-sm" variant="default" onClick={() => void load()}>
          {t('dispatch.refresh')}
        </Button>
        <Button size="compact-sm" variant="default" disabled={counted.length === 0} onClick={() => void reset()}>
          {t('dispatch.reset')}
        </Button>
      </Group>
    </Card>
  );
}
