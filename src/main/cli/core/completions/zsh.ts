// The completion of zsh.
import { type Choice, type CompletedCommand, forChoice, type NamedOption, quoted } from './choices';

export function zshCompletion(commands: readonly CompletedCommand[]): string {
  return [
    '#compdef muster',
    '# Completion of muster for zsh, made from the table of its commands.',
    '_muster() {',
    '  local curcontext=$curcontext state line',
    '  local -a commands=(',
    ...commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`),
    '  )',
    "  _arguments -C '(- *)--help[Show this help.]' '(- *)--version[Print the version.]' '1:command:->command' '*::argument:->argument'",
    '  case $state in',
    "    command) _describe -t commands 'command' commands ;;",
    '    argument)',
    '      case $words[1] in',
    "        help) _describe -t commands 'command' commands ;;",
    ...commands.flatMap(commandLines),
    '      esac',
    '      ;;',
    '  esac',
    '}',
    'if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _muster "$@"; else compdef _muster muster; fi',
    '',
  ].join('\n');
}

function commandLines({ name, operands, options }: CompletedCommand): readonly string[] {
  const specs = [
    ...options.map(optionSpec),
    ...operands.map(({ name: operand, choice }, index) => {
      const at = operand.endsWith('...]') ? '*' : String(index + 1);
      return `${at}${operand.startsWith('[') ? '::' : ':'}${escaped(operand)}:${action(choice)}`;
    }),
  ];
  return [`        ${name})`, '          _arguments \\', specs.map((spec) => `            ${quoted(spec)}`).join(' \\\n'), '          ;;'];
}

function optionSpec({ name, value, doc, multiple, choice }: NamedOption): string {
  const spec = `${multiple === true ? '*' : ''}--${name}${value === null ? '' : '='}[${escaped(doc)}]`;
  return value === null ? spec : `${spec}:${escaped(value)}:${action(choice)}`;
}

const action = (choice: Choice): string =>
  forChoice(choice, { words: (words) => `(${words.join(' ')})`, files: () => '_files', folders: () => '_files -/', any: () => '' });

/** These characters separate the parts of a specification. */
const escaped = (text: string): string => text.replace(/[\\[\]:]/g, '\\$&');
