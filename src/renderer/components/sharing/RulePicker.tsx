// What chooses the value of a rule with a list: the grid of the schedule, and the programs that use a GPU now.
import type { SettingValue, SettingView } from '../../../shared/api/settings';
import { ProgramPicker } from './ProgramPicker';
import { WeekGrid } from './WeekGrid';

export const SCHEDULE_KEY = 'agent.sharing_hours';
export const PROGRAMS_KEY = 'agent.pause_for_programs';

export const hasPicker = (key: string): boolean => key === SCHEDULE_KEY || key === PROGRAMS_KEY;

export interface RulePickerProps {
  readonly setting: SettingView;
  /** The title of the setting. */
  readonly label: string;
  /** Undefined: the value of the setting. */
  readonly entered: SettingValue | undefined;
  readonly isLocked: boolean;
  /** The list beside it shows the chosen programs. */
  readonly hidesChosen?: boolean;
  readonly onChange: (values: string[]) => void;
}

export function RulePicker({ setting, label, entered, isLocked, hidesChosen = false, onChange }: RulePickerProps) {
  const value = entered === undefined ? setting.value : entered;
  const values = Array.isArray(value) ? value : [];
  const common = { label, isLocked, onChange };
  if (setting.key === SCHEDULE_KEY) return <WeekGrid {...common} hours={values} />;
  return <ProgramPicker {...common} programs={values} hidesChosen={hidesChosen} />;
}
