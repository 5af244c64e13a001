// A reading, or the reason why there is none. Unknown is not zero.
import type { ReactNode } from 'react';
import type { ReadingView } from '../../shared/api/agent-view';
import { useLabels, type Labels } from '../i18n/use-labels';

export interface ReadingTextProps {
  readonly reading: ReadingView;
  readonly show: (value: number) => ReactNode;
}

export function ReadingText({ reading, show }: ReadingTextProps) {
  const labels = useLabels();
  return reading.known ? show(reading.value) : <span data-unknown="">{unknownText(labels, reading)}</span>;
}

export const unknownText = ({ t }: Labels, { reason }: Extract<ReadingView, { known: false }>): string => t(`unknown.${reason}`);
