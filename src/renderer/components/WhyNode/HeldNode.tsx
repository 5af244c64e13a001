// The two nodes of a held job: the full one for which the job waits, and the best free one, with the predicted seconds.
import type { ReactNode } from 'react';
import type { HoldView } from '../../../shared/api/prediction';
import { NodeName } from '../NodeName';
import { Rich } from '../Rich';
import { useLabels } from '../../i18n/use-labels';
import { PredictionTable } from './PredictionTable';
import { shownSeconds } from './terms';
import classes from './WhyNode.module.css';

export interface HeldNodeProps {
  readonly hold: HoldView;
  /** Until when the job waits at most. */
  readonly until: ReactNode;
}

export function HeldNode({ hold: { node, best_free: free }, until }: HeldNodeProps) {
  const { t, format, gap } = useLabels();
  const values = {
    node: <NodeName nodeId={node.node_id} />,
    free: <NodeName nodeId={free.node_id} />,
    there: format.seconds(shownSeconds(node)),
    here: format.seconds(shownSeconds(free)),
  };
  return (
    <div className={classes['why']}>
      <p>
        <Rich k="why_node.held" values={values} />
        {gap}
        {until}
      </p>
      <PredictionTable nodes={[node, free]} shape="waiting" marks={[t('why_node.waits_for'), t('why_node.best_free')]} />
    </div>
  );
}
