// A ready node gets no jobs while its owner's work takes more than the limit. The card names each load over its limit.
import type { NodeView } from '../../../shared/api/node-view';
import { Card } from '../../components/Card';
import { Dim } from '../../components/Dim';
import { Rich } from '../../components/Rich';
import { useLabels } from '../../i18n/use-labels';
import { exclusionTexts } from '../../labels/exclusion-labels';

export function OwnLoad({ node }: { readonly node: NodeView }) {
  const labels = useLabels();
  const { t } = labels;
  if (node.availability?.state !== 'busy') return null;
  const reasons = node.availability.reasons.filter(({ code }) => code === 'resource_threshold_exceeded');
  return (
    <Card title={t('own_load.title')} tone="warning">
      <ul>
        {reasons
          .flatMap((reason) => exclusionTexts(labels, reason))
          .map(({ key, values }) => (
            <li key={key}>
              <Rich k={key} values={values} />
            </li>
          ))}
      </ul>
      <Dim as="p">{t('own_load.help')}</Dim>
    </Card>
  );
}
