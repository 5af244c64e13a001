// What `muster doctor` finds about a server that a cluster needs, as rows of its table and as lines with what to do.
import type { Language, Localized } from '../../../shared/language';
import { printable } from './text-table';

/** `detail`: without a secret. */
export interface Finding<Problem extends string> {
  readonly code: Problem;
  readonly detail: string;
}

/** Rows of the table of network checks. `works`: the detail when there is no problem. */
export const findingRows = (
  server: string,
  problems: readonly Finding<string>[],
  works: string,
): readonly (readonly [string, string, string])[] =>
  problems.length === 0
    ? [[server, 'works', printable(works)]]
    : problems.map(({ code, detail }) => [server, `failed: ${code}`, printable(detail)]);

/** One line for each kind of problem. */
export const fixLines = <Problem extends string>(
  problems: readonly Finding<Problem>[],
  fixes: Readonly<Record<Problem, Localized>>,
  language: Language,
): string => [...new Set(problems.map(({ code }) => code))].map((code) => `${fixes[code][language]}\n`).join('');
