// Why a node was chosen for a job: how it was chosen, and the predicted seconds of up to four nodes, term by term (ADR 0024).
import { useId } from 'react';
import type { PredictionView } from '../../../shared/api/prediction';
import { remarkOf } from '../../../shared/api/prediction-remark';
import { Dim } from '../Dim';
import { useLabels } from '../../i18n/use-labels';
import { PredictionTable } from './PredictionTable';
import classes from './WhyNode.module.css';

export interface WhyNodeProps {
  readonly prediction: PredictionView;
}

export function WhyNode({ prediction }: WhyNodeProps) {
  const labels = useLabels();
  const { t } = labels;
  const id = useId();
  const { route, nodes } = prediction;
  const remark = remarkOf(prediction);
  return (
    <section className={classes['why']} aria-labelledby={id}>
      <h3 id={id}>{t('why_node.title')}</h3>
      <p>
        {t('why_node.sentence', { reason: labels.code('route', route) })}
        {remark !== null && labels.gap + t('why_node.sentence', { reason: labels.code('route_remark', remark) })}
      </p>
      {nodes.length > 0 && <PredictionTable nodes={nodes} shape="ready" marks={[t('why_node.chosen')]} />}
      {nodes.length === 0 && route === 'fallback' && (
        <Dim as="p">{t('why_node.nothing_known', { predicted: t('setting_choice.predicted') })}</Dim>
      )}
    </section>
  );
}
