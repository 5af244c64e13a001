// A live figure, or why there is none. Unknown is not zero.
import type { ReactNode } from 'react';
import type { ReadingView } from '../../shared/api/agent-view';
import { useWords, type Words } from '../i18n/use-words';

export interface ReadingTextProps {
  readonly reading: ReadingView;
  readonly show: (value: number) => ReactNode;
}

export function ReadingText({ reading, show }: ReadingTextProps) {
  const words = useWords();
  return reading.known ? show(reading.value) : <span data-unknown="">{unknownWords(words, reading)}</span>;
}

export const unknownWords = ({ t }: Words, { reason }: Extract<ReadingView, { known: false }>): string => t(`unknown.${reason}`);
