// The availability of a node: shape, word and colour, and beside them the reason with its number. The only component that shows the
// state of a node.
import { availabilityFacts, availabilityOf, type ExplainedSource } from '../../shared/api/availability';
import { useNow } from '../clock/Clock';
import { useLabels } from '../i18n/use-labels';
import { availabilityReason, hasAge } from '../labels/availability-labels';
import { StatusLabel } from './StatusLabel';
import type { StatusShapeProps } from './StatusShape';

export function AvailabilityLabel({ node }: { readonly node: ExplainedSource }) {
  const { t } = useLabels();
  const { state } = availabilityOf(node);
  return <StatusLabel shape={state} label={t(`availability.${state}`)} progress={checksOf(node)} />;
}

/** Only reasons with an age render again each second. */
export function AvailabilityReason({ node }: { readonly node: ExplainedSource }) {
  const labels = useLabels();
  return hasAge(availabilityFacts(node)) ? <AgingReason node={node} /> : availabilityReason(labels, node, 0);
}

function AgingReason({ node }: { readonly node: ExplainedSource }) {
  return availabilityReason(useLabels(), node, useNow());
}

/** The arc of a registering node. */
export function checksOf(node: ExplainedSource): StatusShapeProps['progress'] {
  const facts = availabilityFacts(node);
  return facts.kind === 'checks' ? facts : undefined;
}
