// What the shell offers for the value of an option or for an argument, read from its name in the table of commands.
import { assertNever } from '../../../../shared/assert-never';
import type { Command, OptionSpec } from '../../command';

export type Choice =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'files' }
  | { readonly kind: 'folders' }
  | { readonly kind: 'any' };

/** The words that a name in capitals stands for. */
export type NamedWords = Readonly<Record<string, readonly string[]>>;

/** `show|set|unset` and `[tag]` are words to type; `FILE` and `DIR` are paths; any other name stands for `named` words or a text of the user. */
export function choiceOf(name: string, named: NamedWords): Choice {
  const bare = name.replace(/^\[(.*?)(\.\.\.)?\]$/, '$1');
  const words = named[bare];
  if (words !== undefined) return { kind: 'words', words };
  if (bare === 'FILE') return { kind: 'files' };
  if (bare === 'DIR' || bare === 'FOLDER') return { kind: 'folders' };
  return /^[a-z][a-z-]*(\|[a-z][a-z-]*)*$/.test(bare) ? { kind: 'words', words: bare.split('|') } : { kind: 'any' };
}

export interface NamedOption extends OptionSpec {
  readonly name: string;
  /** Of its value. */
  readonly choice: Choice;
}

export interface CompletedOperand {
  readonly name: string;
  readonly choice: Choice;
}

/** A command with the options that it accepts, in the order of its help text. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly operands: readonly CompletedOperand[];
  readonly options: readonly NamedOption[];
}

export const completedCommands = (
  commands: readonly Command[],
  common: Readonly<Record<string, OptionSpec>>,
  named: NamedWords,
): readonly CompletedCommand[] =>
  commands.map(({ name, summary, operands, options }) => ({
    name,
    summary,
    operands: operands.map((operand) => ({ name: operand, choice: choiceOf(operand, named) })),
    options: Object.entries({ ...options, ...common }).map(([option, spec]) => ({
      name: option,
      ...spec,
      choice: choiceOf(spec.value ?? '', named),
    })),
  }));

/** Calls one of three functions. */
export function forChoice<Text>(
  choice: Choice,
  on: {
    readonly words: (words: readonly string[]) => Text;
    readonly files: () => Text;
    readonly folders: () => Text;
    readonly any: () => Text;
  },
): Text {
  switch (choice.kind) {
    case 'words':
      return on.words(choice.words);
    case 'files':
      return on.files();
    case 'folders':
      return on.folders();
    case 'any':
      return on.any();
    default:
      return assertNever(choice);
  }
}

/** In single quotes of a POSIX shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
