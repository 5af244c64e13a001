// The availability of a node: shape, word and colour, and beside them the reason with its number. The only component that shows the
// state of a node.
import { availabilityFacts, availabilityOf, type ExplainedSource } from '../../shared/api/availability';
import { useClock, useClockPart } from '../clock/Clock';
import { useLabels } from '../i18n/use-labels';
import { availabilityReason, availabilityReasonParts } from '../labels/availability-labels';
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
}

export function AvailabilityReason({ node, isShort = false }: AvailabilityReasonProps) {
  const labels = useLabels();
  const reason = useClockPart((nowWallMs) => availabilityReason(labels, node, nowWallMs, { isShort }));
  const whole = useClockPart((nowWallMs) => (isShort ? availabilityReason(labels, node, nowWallMs) : null));
  return whole === null ? reason : <span title={whole}>{reason}</span>;
}

interface AvailabilityReasonPartsProps {
  readonly node: ExplainedSource;
  readonly partClass: string | undefined;
}

/** Each part of the reason is an element: a line that has no space for all of them can end after one. */
export function AvailabilityReasonParts({ node, partClass }: AvailabilityReasonPartsProps) {
  const labels = useLabels();
  const clock = useClock();
  useClockPart((nowWallMs) => availabilityReason(labels, node, nowWallMs));
  return availabilityReasonParts(labels, node, clock.now()).map((part, at) => (
    <span key={part} className={partClass}>
      {at > 0 && labels.t('punctuation.semicolon')}
      {part}
    </span>
  ));
}

/** The arc of a registering node. */
export function checksOf(node: ExplainedSource): StatusShapeProps['progress'] {
  const facts = availabilityFacts(node);
  return facts.kind === 'checks' ? facts : undefined;
}
