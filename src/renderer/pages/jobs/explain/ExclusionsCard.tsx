// Why jobs found no node, counted per reason since the last reset. Read again every 10 s.
import { Button, Group } from '@mantine/core';
import type { Exclusions } from '../../../../shared/api/dispatch';
import { EXCLUSION_REASONS } from '../../../../shared/protocol/status';
import { ClockTime } from '../../../components/Time';
import { Card } from '../../../components/Card';
import { Dim } from '../../../components/Dim';
import { ErrorNote } from '../../../components/ErrorNote';
import { NodeNames } from '../../../components/NodeName';
import { Rich } from '../../../components/Rich';
import { useLabels } from '../../../i18n/use-labels';
import { useExclusions } from '../../../queries/dispatch';
import { useOperation } from '../../../queries/use-operation';
import classes from './ExclusionsCard.module.css';

export function ExclusionsCard() {
  const { t, format } = useLabels();
  const { value: exclusions, error } = useExclusions();
  const reset = useOperation('pool.reset_exclusions');
  const counted = countedReasons(exclusions);
  const since = exclusions === null ? null : <ClockTime wallMs={exclusions.since} />;
  return (
    <Card title={t('dispatch.exclusions')} aside={since === null ? undefined : <Rich k="dispatch.exclusions_since" values={{ since }} />}>
      {since !== null && counted.length === 0 && (
        <Dim as="p">
          <Rich k="dispatch.exclusions_none" values={{ since }} />
        </Dim>
      )}
      <ul className={classes['reasons']}>
        {counted.map(({ code, count, examples, models = [] }) => (
          <li key={code}>
            <b>{t('dispatch.times', { count: format.number(count) })}</b>
            <div>
              {t(`exclusion.${code}`)}
              {models.length > 0 && <Dim>{t('dispatch.for_models', { models: models.join(t('punctuation.list')) })}</Dim>}
            </div>
            <Dim as="span">
              {examples.length > 0 && <Rich k="dispatch.examples" values={{ nodes: <NodeNames nodeIds={examples} /> }} />}
            </Dim>
          </li>
        ))}
      </ul>
      <ErrorNote error={error ?? reset.error} />
      <Group gap="xs" mt="xs">
        <Button
          size="compact-sm"
          variant="default"
          disabled={counted.length === 0}
          loading={reset.pending}
          onClick={() => void reset.run({})}
        >
          {t('dispatch.reset')}
        </Button>
      </Group>
    </Card>
  );
}

/** The most frequent first. */
function countedReasons(exclusions: Exclusions | null) {
  return EXCLUSION_REASONS.flatMap((code) => {
    const reason = exclusions?.reasons[code];
    return reason === undefined ? [] : [{ code, ...reason }];
  }).sort((one, other) => other.count - one.count);
}
