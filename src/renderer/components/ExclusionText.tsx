// Why a node was no candidate, in a sentence with its numbers.
import type { Exclusion } from '../../shared/api/dispatch';
import { useWords } from '../i18n/use-words';
import { exclusionWords } from '../words/exclusion-words';
import { Rich } from './Rich';

export function ExclusionText({ exclusion }: { readonly exclusion: Pick<Exclusion, 'code' | 'wanted' | 'found'> }) {
  const words = useWords();
  return (
    <span>
      {exclusionWords(words, exclusion).map(({ key, values }, index) => (
        <span key={key}>
          {index > 0 && words.t('punctuation.semicolon')}
          <Rich k={key} values={values} />
        </span>
      ))}
    </span>
  );
}
