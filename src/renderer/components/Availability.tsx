// The availability of a node: shape, word and colour, and beside them the reason with its number. The only component that shows the
// state of a node.
import { availabilityFacts, availabilityOf, type ExplainedSource } from '../../shared/api/availability';
import { useClockPart } from '../clock/Clock';
import { useLabels } from '../i18n/use-labels';
import { availabilityReason } from '../labels/availability-labels';
import { StatusLabel } from './StatusLabel';
import type { StatusShapeProps } from './StatusShape';

export function AvailabilityLabel({ node }: { readonly node: ExplainedSource }) {
  const { t } = useLabels();
  const { state } = availabilityOf(node);
  return <StatusLabel shape={state} label={t(`availability.${state}`)} progress={checksOf(node)} />;
}

export interface AvailabilityReasonProps {
  readonly node: ExplainedSource;
  /** The used slots are shown beside the reason. */
  readonly omitsSlots?: boolean;
}

export function AvailabilityReason({ node, omitsSlots = false }: AvailabilityReasonProps) {
  const labels = useLabels();
  return useClockPart((nowWallMs) => availabilityReason(labels, node, nowWallMs, { omitsSlots }));
}

/** The arc of a registering node. */
export function checksOf(node: ExplainedSource): StatusShapeProps['progress'] {
  const facts = availabilityFacts(node);
  return facts.kind === 'checks' ? facts : undefined;
}
