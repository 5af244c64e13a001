// The control of a setting, by its kind. A value of a flag, a variable or the app is text with a lock.
import { Switch } from '@mantine/core';
import type { SettingValue } from '../../../shared/api/settings';
import { Segmented } from '../../components/Segmented';
import { useLabels } from '../../i18n/use-labels';
import { itemOfTyped, itemText, valueText } from '../../labels/setting-labels';
import { ChoosePath } from './ChoosePath';
import { ListField } from './ListField';
import { isReadOnly } from './setting-sections';
import classes from './SettingRow.module.css';
import { TextField, type TextFieldProps } from './TextField';

export interface SettingControlProps extends TextFieldProps {
  /** Of a switch. */
  readonly isDisabled: boolean;
  /** Of a list: items that the program knows. */
  readonly known: readonly string[];
}

export function SettingControl({ isDisabled, known, ...props }: SettingControlProps) {
  const labels = useLabels();
  const { t } = labels;
  const { setting, label, entered, inherited, onChange } = props;
  const value: SettingValue = entered === undefined ? setting.value : entered;
  if (isReadOnly(setting)) {
    return (
      <span className={classes['locked']}>
        {valueText(labels, setting, setting.value)}
        <svg viewBox="0 0 16 16" role="img" aria-label={t('settings.read_only')}>
          <path d="M4 7.5h8v6H4zM5.6 7.5V5.2a2.4 2.4 0 0 1 4.8 0v2.3" />
        </svg>
      </span>
    );
  }
  switch (setting.control) {
    case 'switch':
      // Without a default, "no" differs from "not set".
      if (setting.default === null) {
        const choices = (['default', 'yes', 'no'] as const).map((choice) => ({ value: choice, label: t(`settings.${choice}`) }));
        const chosen = value === null ? 'default' : value === true ? 'yes' : 'no';
        return (
          <Segmented
            label={label}
            choices={choices}
            value={chosen}
            onChange={(choice) => onChange(choice === 'default' ? null : choice === 'yes')}
          />
        );
      }
      return (
        <Switch
          aria-label={label}
          checked={value === true}
          disabled={isDisabled}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'choice': {
      const choices = setting.choices.map((choice) => ({ value: choice, label: labels.code('setting_choice', choice) }));
      return (
        <Segmented
          label={label}
          choices={choices}
          value={typeof value === 'string' ? value : ''}
          inherited={value === null && inherited !== null ? { value: inherited, why: t('setting_origin.default_of_scheduler') } : null}
          onChange={onChange}
        />
      );
    }
    case 'list':
    case 'paths':
      return <ListControl {...props} known={known} values={Array.isArray(value) ? value : []} />;
    case 'number':
    case 'text':
      return <TextField {...props} />;
    case 'path':
      return (
        <div className={classes['beside']}>
          <TextField {...props} />
          <ChoosePath setting={setting} label={label} onChosen={onChange} />
        </div>
      );
  }
}

interface ListControlProps extends Omit<SettingControlProps, 'isDisabled'> {
  readonly values: readonly string[];
}

function ListControl({ setting, label, values, known, placeholder, describedBy, isRefused, onChange }: ListControlProps) {
  const labels = useLabels();
  const list = (
    <ListField
      label={label}
      values={values}
      known={known}
      placeholder={placeholder}
      textOf={(item) => itemText(labels, setting.key, item)}
      itemOf={(typed) => itemOfTyped(setting.key, typed)}
      describedBy={describedBy}
      isRefused={isRefused}
      onChange={onChange}
    />
  );
  if (setting.control === 'list') return list;
  const add = (path: string): void => {
    if (!values.includes(path)) onChange([...values, path]);
  };
  return (
    <div className={classes['list']}>
      {list}
      <ChoosePath setting={setting} label={label} onChosen={add} />
    </div>
  );
}
