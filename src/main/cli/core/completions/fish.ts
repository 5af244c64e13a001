// The completion of fish.
import { type Choice, type CompletedCommand, type CompletedOperand, forChoice, type NamedOption } from './choices';

export function fishCompletion(commands: readonly CompletedCommand[]): string {
  return [
    '# Completion of muster for fish, made from the table of its commands.',
    'function __muster_command_is',
    '  set -l words (commandline -opc)',
    '  test (count $words) -ge 2; and test $words[2] = $argv[1]',
    'end',
    'complete -c muster -f',
    "complete -c muster -n __fish_use_subcommand -l help -d 'Show this help.'",
    "complete -c muster -n __fish_use_subcommand -l version -d 'Print the version.'",
    ...commands.flatMap(commandLines),
    `complete -c muster -n '__muster_command_is help' -a ${quoted(commands.map(({ name }) => name).join(' '))}`,
    '',
  ].join('\n');
}

const commandLines = ({ name, summary, operands, options }: CompletedCommand): readonly string[] => {
  const command = `complete -c muster -n '__muster_command_is ${name}'`;
  const offers = operands.flatMap(({ choice }, index) => {
    const text = offer(choice);
    return text === '' ? [] : [`${afterWords(operands[index - 1])}${text}`];
  });
  return [
    `complete -c muster -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
    ...[...new Set(offers)].map((text) => `${command} ${text}`),
    ...options.map((option) => `${command} -l ${option.name}${valueOf(option)} -d ${quoted(option.doc)}`),
  ];
};

/** An operand after one of certain words is offered when one of them was typed. */
const afterWords = (before: CompletedOperand | undefined): string =>
  before?.choice.kind === 'words' ? `-n ${quoted(`__fish_seen_subcommand_from ${before.choice.words.join(' ')}`)} ` : '';

function valueOf({ value, choice }: NamedOption): string {
  if (value === null) return '';
  const text = offer(choice);
  // -x: a value that is no file.
  return text === '-F' ? ' -r -F' : ` -x${text === '' ? '' : ` ${text}`}`;
}

/** Empty when the user types any text. */
const offer = (choice: Choice): string =>
  forChoice(choice, {
    words: (words) => `-a ${quoted(words.join(' '))}`,
    files: () => '-F',
    folders: () => "-a '(__fish_complete_directories)'",
    any: () => '',
  });

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
