// The autostart file of Linux desktops (Desktop Entry Specification 1.5). Other programs and the user may change the file, so an entry counts
// as own only with the mark that this app writes. Pure.

const MARK = 'X-Muster-State-Folder';

export interface AutostartCommand {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Two apps with different data do not share an entry. */
  readonly stateFolder: string;
}

/** Null: the specification cannot express the command. */
export function autostartEntry({ command, stateFolder }: AutostartCommand): string | null {
  const [program = ''] = command;
  if (program === '' || program.includes('=')) return null;
  if ([...command, stateFolder].some((part) => /[\p{Cc}]/u.test(part))) return null;
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Muster',
    'Comment=Share the GPUs of this computer',
    'Comment[zh_CN]=共享本机的显卡',
    `Exec=${command.map(execArgument).join(' ')}`,
    'Icon=muster-desktop',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    `${MARK}=${escaped(stateFolder)}`,
    '',
  ].join('\n');
}

/** Whether this app wrote the entry. */
export const isOwnEntry = (text: string, stateFolder: string): boolean => linesOf(text).includes(`${MARK}=${escaped(stateFolder)}`);

/** The user turned the entry off in the settings of the desktop. */
export const isTurnedOff = (text: string): boolean =>
  linesOf(text).some((line) => /^(Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)$/.test(line));

const linesOf = (text: string): readonly string[] => text.split(/\r?\n/).map((line) => line.trim());

/** A value of the type string. */
const escaped = (text: string): string => text.replaceAll('\\', '\\\\');

/** Quoted as the key Exec requires, then escaped as every string. */
function execArgument(argument: string): string {
  const literal = argument.replaceAll('%', '%%');
  if (/^[\w@%+=:,./-]+$/.test(literal)) return literal;
  return escaped(`"${literal.replace(/["`$\\]/g, '\\$&')}"`);
}
