// Why jobs found no node, counted per reason since the last reset. Read again every 10 s.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Exclusions } from '../../../../shared/api/dispatch';
import { EXCLUSION_REASONS } from '../../../../shared/protocol/status';
import { ClockTime } from '../../../components/Time';
import { Card } from '../../../components/Card';
import { Dim } from '../../../components/Dim';
import { ErrorNote } from '../../../components/ErrorNote';
import { useNamesOfNodes } from '../../../components/NodeName';
import { Rich } from '../../../components/Rich';
import { useLabels } from '../../../i18n/use-labels';
import { useExclusions } from '../../../queries/dispatch';
import { useOperation } from '../../../queries/use-operation';
import classes from './ExclusionsCard.module.css';

export interface ExclusionsCardProps {
  /** The most frequent reasons, until all are asked for. Absent: all. */
  readonly shown?: number;
}

export function ExclusionsCard({ shown = EXCLUSION_REASONS.length }: ExclusionsCardProps) {
  const { t, format } = useLabels();
  const { value: exclusions, error } = useExclusions();
  const reset = useOperation('pool.reset_exclusions');
  const [showsAll, setShowsAll] = useState(false);
  const counted = countedReasons(exclusions);
  const isCut = !showsAll && counted.length > shown;
  const since = exclusions === null ? null : <ClockTime wallMs={exclusions.since} />;
  return (
    <Card
      title={t('dispatch.exclusions')}
      note={since === null ? undefined : <Rich k="dispatch.exclusions_since" values={{ since }} />}
      aside={
        isCut ? (
          <Button size="compact-sm" variant="default" onClick={() => setShowsAll(true)}>
            {t('job_page.more', { count: format.number(counted.length) })}
          </Button>
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            disabled={counted.length === 0}
            loading={reset.pending}
            onClick={() => void reset.run({})}
          >
            {t('dispatch.reset')}
          </Button>
        )
      }
      className={classes['card']}
    >
      {since !== null && counted.length === 0 && (
        <Dim as="p">
          <Rich k="dispatch.exclusions_none" values={{ since }} />
        </Dim>
      )}
      <ul className={classes['reasons']}>
        {counted.slice(0, isCut ? shown : undefined).map((reason) => (
          <Reason key={reason.code} {...reason} />
        ))}
      </ul>
      <ErrorNote error={error ?? reset.error} />
    </Card>
  );
}

type ReasonProps = ReturnType<typeof countedReasons>[number];

function Reason({ code, count, examples, models = [] }: ReasonProps) {
  const { t, format, gap } = useLabels();
  const names = useNamesOfNodes(examples);
  const wanted = models.length === 0 ? undefined : t('dispatch.for_models', { models: models.join(t('punctuation.list')) });
  const nodes = examples.length === 0 ? undefined : t('dispatch.examples', { nodes: names });
  return (
    <li>
      <b>{t('dispatch.times', { count: format.number(count) })}</b>
      <span>{t(`exclusion.${code}`)}</span>
      {code === 'not_in_public_pool' ? (
        <span className={classes['note']}>
          {t('dispatch.private_note')}
          {nodes !== undefined && gap + nodes}
        </span>
      ) : (
        <>
          <span className={classes['names']} title={wanted}>
            {wanted}
          </span>
          <span className={classes['names']} title={nodes}>
            {nodes}
          </span>
        </>
      )}
    </li>
  );
}

/** The most frequent first. */
function countedReasons(exclusions: Exclusions | null) {
  return EXCLUSION_REASONS.flatMap((code) => {
    const reason = exclusions?.reasons[code];
    return reason === undefined ? [] : [{ code, ...reason }];
  }).sort((one, other) => other.count - one.count);
}
