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
  /** For the cell of a table. The title has the whole reason. */
  readonly isShort?: boolean;
  /** Of each fact of the reason: a line that has no space for all of them can end after one. */
  readonly factClass?: string | undefined;
}

export function AvailabilityReason({ node, isShort = false, factClass }: AvailabilityReasonProps) {
  const labels = useLabels();
  const reason = useClockPart((nowWallMs) => availabilityReason(labels, node, nowWallMs, { isShort }));
  const whole = useClockPart((nowWallMs) => (isShort ? availabilityReason(labels, node, nowWallMs) : null));
  if (factClass !== undefined) {
    const separator = labels.t('punctuation.semicolon');
    return reason.split(separator).map((fact, at) => (
      <span key={fact} className={factClass}>
        {at > 0 && separator}
        {fact}
      </span>
    ));
  }
  return whole === null ? reason : <span title={whole}>{reason}</span>;
}

/** The arc of a registering node. */
export function checksOf(node: ExplainedSource): StatusShapeProps['progress'] {
  const facts = availabilityFacts(node);
  return facts.kind === 'checks' ? facts : undefined;
}
