// Why a job waits, now: its reasons in groups, and dry runs with a changed pool.
import type { AppJob } from '../../../../shared/api/app-job';
import type { Explanation } from '../../../../shared/api/dispatch';
import { useLabels } from '../../../i18n/use-labels';
import { ableCount } from './able-count';
import { ReasonGroups } from './ReasonGroups';
import { WhatIf } from './WhatIf';
import classes from './WhyWaiting.module.css';

/** Only an act of a person or a new node changes these. */
const STUCK: ReadonlySet<string> = new Set([
  'model_not_available',
  'gpu_unavailable',
  'not_in_public_pool',
  'not_requested_node',
  'quarantined',
]);

export interface WhyWaitingProps {
  readonly explanation: Explanation;
  readonly job: Pick<AppJob, 'requirements' | 'task'>;
}

export function WhyWaiting({ explanation, job: { requirements, task } }: WhyWaitingProps) {
  const { t } = useLabels();
  const { groups = [], nodes_total: total, chosen } = explanation;
  const able = ableCount(explanation);
  const isStuck = chosen === null && groups.length > 0 && groups.every(({ code }) => STUCK.has(code));
  return (
    <>
      {isStuck && <p className={classes['stuck']}>{t('reason_group.stuck')}</p>}
      <ReasonGroups
        title={t(able === 0 ? 'reason_group.title' : 'reason_group.not_considered')}
        groups={groups}
        nodesTotal={total - able}
        model={task.model}
        nodes={explanation.nodes}
      />
      {total > 0 && <WhatIf requirements={requirements} explanation={explanation} model={task.model} />}
    </>
  );
}
