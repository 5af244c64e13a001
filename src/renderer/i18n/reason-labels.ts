// The texts of src/shared/reasons for the catalogues, so that a code has one text on the wire, in the command line and on screens.
import type { Language } from '../../shared/language';
import { JOB_ERROR_TEXTS, runtimeHttpText } from '../../shared/reasons/job-errors';
import type { ReasonText } from '../../shared/reasons/reason-text';
import { capitalized } from './capitalized';

type Texts<Code extends string> = Readonly<Record<Code, ReasonText>>;

/** For use inside a sentence: `timed out in the queue`. */
export const reasonPhrases = <Code extends string>(texts: Texts<Code>, language: Language): Record<Code, string> =>
  mapTexts(texts, (text) => text[language]);

/** For use alone: `Timed out in the queue`. */
export const reasonLabels = <Code extends string>(texts: Texts<Code>, language: Language): Record<Code, string> =>
  mapTexts(texts, (text) => capitalized(text[language]));

/** With `runtime_http` for every `runtime_http_<status>`. */
export const JOB_ERRORS_AND_HTTP = { ...JOB_ERROR_TEXTS, runtime_http: runtimeHttpText('{{status}}') };

function mapTexts<Code extends string>(texts: Texts<Code>, textOf: (text: ReasonText) => string): Record<Code, string> {
  const entries = Object.entries<ReasonText>(texts).map(([code, text]) => [code, textOf(text)] as const);
  return Object.fromEntries(entries) as Record<Code, string>;
}
