// The programs that pause this computer, to choose from: the chosen ones, and the owner's programs that use a GPU now.
import type { GpuProgramView } from '../../../shared/api/gpu';
import { programNameOf } from '../../../shared/program-name';
import { useLabels } from '../../i18n/use-labels';
import { useGpuProcesses } from '../../queries/gpus';
import { Dim } from '../Dim';
import { ErrorNote } from '../ErrorNote';
import classes from './ProgramPicker.module.css';

export interface ProgramPickerProps {
  readonly label: string;
  readonly programs: readonly string[];
  readonly isLocked: boolean;
  /** The list beside it shows the chosen programs. */
  readonly hidesChosen?: boolean;
  readonly onChange: (programs: string[]) => void;
}

export function ProgramPicker({ label, programs, isLocked, hidesChosen = false, onChange }: ProgramPickerProps) {
  const { t } = useLabels();
  const { value, error } = useGpuProcesses(!isLocked);
  const chosen = new Set(programs.map(programNameOf));
  const running = new Map((value?.gpus ?? []).flatMap(({ programs: listed }) => (listed ?? []).flatMap(ownName)));
  const offered = [...running].flatMap(([key, name]) => (chosen.has(key) ? [] : [name])).toSorted((one, other) => one.localeCompare(other));
  const isListed = value?.gpus.some(({ programs: listed }) => listed !== null) === true;
  return (
    <div role="group" aria-label={label} className={classes['picker']}>
      {!hidesChosen &&
        programs.map((program) => (
          <button
            key={program}
            type="button"
            aria-pressed="true"
            disabled={isLocked}
            onClick={() => onChange(programs.filter((other) => other !== program))}
          >
            {program} <span aria-hidden="true">×</span>
          </button>
        ))}
      {offered.map((name) => (
        <button key={name} type="button" aria-pressed="false" disabled={isLocked} onClick={() => onChange([...programs, name])}>
          <span aria-hidden="true">+</span> {name}
        </button>
      ))}
      {error !== null && error.code !== 'FORBIDDEN' && <ErrorNote error={error} />}
      {value !== null && offered.length === 0 && <Dim as="p">{t(isListed ? 'rules.no_programs_now' : 'gpus.programs_unknown')}</Dim>}
      {offered.length > 0 && <Dim as="p">{t('rules.programs_now')}</Dim>}
    </div>
  );
}

/** They draw the desktop and use a GPU from the start to the end of the session: each would pause the computer for ever. */
const DESKTOP_PROGRAMS: ReadonlySet<string> = new Set([
  'xorg',
  'xwayland',
  'gnome-shell',
  'mutter',
  'kwin_x11',
  'kwin_wayland',
  'plasmashell',
  'sway',
  'hyprland',
  'weston',
  'cinnamon',
  'xfwm4',
  'dwm',
  'csrss',
  'explorer',
  'windowserver',
]);

/** A program of the pool does not pause its own computer. */
const ownName = ({ name, is_pool: isPool }: Pick<GpuProgramView, 'name' | 'is_pool'>): readonly (readonly [string, string])[] => {
  const key = programNameOf(name ?? '');
  return name === null || isPool || key === '' || DESKTOP_PROGRAMS.has(key) ? [] : [[key, name]];
};
