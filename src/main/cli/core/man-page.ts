// The man page muster(1), made from the table of commands.
import type { Command, OptionSpec } from '../command';

type OptionSpecs = Readonly<Record<string, OptionSpec>>;

export interface ManPage {
  readonly version: string;
  readonly commands: readonly Command[];
  /** Options of every command. */
  readonly common: OptionSpecs;
  /** Options that several commands share, described once. */
  readonly groups: readonly OptionGroup[];
  /** Meaning of each exit code. */
  readonly exitCodes: readonly (readonly [number, string])[];
}

/** Command lines, each with its meaning. */
export const EXAMPLES: readonly (readonly [string, string])[] = [
  ['muster pool --simulate-gpu "RTX 4090:24"', 'Try a pool without a GPU.'],
  ['muster join', 'Join the pool of the local network.'],
  ['systemctl enable --now muster-scheduler', 'Run a scheduler as a service of the system.'],
  ['sudo -u muster muster dashboard --data-dir /var/lib/muster', 'Print a sign-in link to the dashboard of that scheduler.'],
  [
    'sudo -u muster-agent muster join "LINK" --once --data-dir /var/lib/muster-agent',
    'Join a pool with the agent of the system, before its service starts.',
  ],
];

export interface OptionGroup {
  /** The first word of the heading of its section. */
  readonly title: string;
  readonly options: OptionSpecs;
}

export function manPage({ version, commands, common, groups, exitCodes }: ManPage): string {
  return [
    `.TH MUSTER 1 "" "muster ${version}" "User Commands"`,
    ...section('NAME', ['muster \\- combine the GPUs of your computers into one pool']),
    ...section('SYNOPSIS', ['.B muster', '.I COMMAND', '.RI [ options ]', '.br', '.B muster', '.I COMMAND', '.B \\-\\-help']),
    ...section('DESCRIPTION', [
      ...paragraphs([
        'Muster combines the GPUs of several computers into one pool. A scheduler accepts jobs and chooses a node for each of them; an agent runs on each computer, which is then a node of the pool.',
        'The commands pool, scheduler, agent and join run until they get SIGTERM, SIGINT or SIGHUP. A second signal ends them at once. Their log goes to standard output. All other commands end by themselves: results go to standard output, messages to standard error.',
      ]),
    ]),
    ...section(
      'COMMANDS',
      commands.flatMap((command) => commandLines(command, groups)),
    ),
    ...groups.flatMap(({ title, options }) => section(heading(title), optionLines(options))),
    ...section(heading('common'), [...optionLines(common), ...optionLines({ version: { value: null, doc: 'Print the version.' } })]),
    ...section(
      'EXIT STATUS',
      exitCodes.flatMap(([code, meaning]) => ['.TP', `.B ${String(code)}`, roff(meaning)]),
    ),
    ...section('ENVIRONMENT', [
      ...tagged('MUSTER_URL', 'Address of the scheduler, as \\-\\-url.'),
      ...tagged('MUSTER_KEY', 'A key, for the address of \\-\\-url or MUSTER_URL.'),
      ...tagged('MUSTER_ADMIN_TOKEN_FILE', 'File with a key, as \\-\\-key\\-file.'),
      ...tagged('MUSTER_SECTION_KEY', 'A setting, for example MUSTER_SERVER_PORT for server.port. Flags override it.'),
      ...tagged(
        'NOTIFY_SOCKET, WATCHDOG_USEC',
        'Set by a service manager: the daemons then report that they are ready, alive and stopping.',
      ),
    ]),
    ...section('FILES', [
      ...tagged('~/.config/muster/config.toml', 'Configuration.'),
      ...tagged('~/.local/share/muster', 'Databases, keys and models.'),
      ...tagged('~/.local/state/muster', 'Identity of the node and logs.'),
      ...tagged('/var/lib/muster, /var/lib/muster\\-agent', 'All files of the system services.'),
    ]),
    ...section('EXAMPLES', [...EXAMPLES.flatMap(([command, doc]) => ['.TP', `\\fB${roff(command)}\\fR`, roff(doc)])]),
    ...section('SEE ALSO', ['.BR systemctl (1),', '.BR journalctl (1)']),
    '',
  ].join('\n');
}

const LIST = new Intl.ListFormat('en-GB', { type: 'conjunction' });

const heading = (title: string): string => `${title.toUpperCase()} OPTIONS`;

const section = (title: string, lines: readonly string[]): readonly string[] => [`.SH ${roff(title)}`, ...lines];

const paragraphs = (texts: readonly string[]): readonly string[] =>
  texts.flatMap((text, index) => [...(index === 0 ? [] : ['.PP']), roff(text)]);

/** `tag` and `text` are roff already. */
const tagged = (tag: string, text: string): readonly string[] => ['.TP', `.B ${tag}`, text];

function commandLines({ name, operands, summary, options }: Command, groups: readonly OptionGroup[]): readonly string[] {
  const shared = groups.filter((group) => Object.entries(group.options).every(([option, spec]) => options[option] === spec));
  const isShared = (option: string): boolean => shared.some((group) => Object.hasOwn(group.options, option));
  const own = Object.fromEntries(Object.entries(options).filter(([option]) => !isShared(option)));
  return [
    `.SS "muster ${roff([name, ...operands].join(' '))}"`,
    roff(summary),
    ...(shared.length === 0
      ? []
      : [roff(`This command also accepts the options under ${LIST.format(shared.map(({ title }) => heading(title)))}.`)]),
    ...optionLines(own),
  ];
}

const optionLines = (options: OptionSpecs): readonly string[] =>
  Object.entries(options).flatMap(([name, { value, doc }]) => [
    '.TP',
    value === null ? `.B \\-\\-${roff(name)}` : `.BI "\\-\\-${roff(name)} " "${roff(value).replaceAll('"', '\\(dq')}"`,
    roff(doc),
  ]);

/** Text without meaning for roff: no escapes, no hyphens that break, no request at the start of the line. */
const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/\s+/g, ' ')
    .replace(/^([.'])/, '\\&$1');
