// The completion of bash. It uses only what bash itself has, not the functions of the package bash-completion.
import { type Choice, type CompletedCommand, forChoice, quoted } from './choices';

export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return [
    '# Completion of muster for bash, made from the table of its commands.',
    '_muster() {',
    '  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} options= valued= operand=1 i',
    '  COMPREPLY=()',
    '  # bash makes `=` a word of its own.',
    "  if [[ $cur == '=' ]]; then cur=; elif [[ $prev == '=' ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi",
    '  if ((COMP_CWORD == 1)); then',
    `    if [[ $cur == -* ]]; then options='--help --version'; else options=${quoted(`${names} help`)}; fi`,
    '    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")',
    '    return',
    '  fi',
    '  case ${COMP_WORDS[1]} in',
    `    help) mapfile -t COMPREPLY < <(compgen -W ${quoted(names)} -- "$cur"); return ;;`,
    ...commands.map(optionLists),
    '    *) return ;;',
    '  esac',
    '  case ${COMP_WORDS[1]}:$prev in',
    ...commands.flatMap(valueLines),
    '  esac',
    '  if [[ $cur == -* ]]; then',
    '    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")',
    '    return',
    '  fi',
    '  for ((i = 2; i < COMP_CWORD; i++)); do',
    '    case ${COMP_WORDS[i]} in',
    '      -*)',
    '        if [[ ${COMP_WORDS[i+1]} == \'=\' ]]; then ((i += 2)); elif [[ " $valued " == *" ${COMP_WORDS[i]} "* ]]; then ((i++)); fi',
    '        ;;',
    '      *) ((operand++)) ;;',
    '    esac',
    '  done',
    '  case ${COMP_WORDS[1]}:$operand in',
    ...commands.flatMap(operandLines),
    '    *) mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur") ;;',
    '  esac',
    '}',
    'complete -F _muster muster',
    '',
  ].join('\n');
}

function optionLists({ name, options }: CompletedCommand): string {
  const all = options.map((option) => `--${option.name}`).join(' ');
  const valued = options.filter(({ value }) => value !== null).map((option) => `--${option.name}`);
  return `    ${name}) options=${quoted(all)} valued=${quoted(valued.join(' '))} ;;`;
}

/** The command that offers the values; null when the user types any text. */
const offer = (choice: Choice): string | null =>
  forChoice(choice, {
    words: (words) => `mapfile -t COMPREPLY < <(compgen -W ${quoted(words.join(' '))} -- "$cur")`,
    files: () => 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur")',
    folders: () => 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur")',
    any: () => null,
  });

const valueLines = ({ name, options }: CompletedCommand): readonly string[] =>
  options.flatMap((option) => (option.value === null ? [] : [`    ${name}:--${option.name}) ${offer(option.choice) ?? ':'}; return ;;`]));

const operandLines = ({ name, operands }: CompletedCommand): readonly string[] =>
  operands.flatMap((operand, index) => {
    const line = offer(operand.choice);
    return line === null ? [] : [`    ${name}:${String(index + 1)}) ${line} ;;`];
  });
