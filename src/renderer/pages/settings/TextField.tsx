// A field for a text or a number with its unit. A value is sent when the field loses the focus, or with Enter. An invalid number is shown as
// such while it is typed, and is not sent. Escape brings the value back. A number has thousands marks while it is not typed.
import { TextInput } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { flushSync } from 'react-dom';
import type { SettingValue, SettingView } from '../../../shared/api/settings';
import { useLabels } from '../../i18n/use-labels';
import { isPort, roundAmountOf, zeroText } from '../../labels/setting-labels';
import classes from './SettingRow.module.css';

export interface TextFieldProps {
  readonly setting: SettingView;
  readonly label: string;
  /** The refused value stays in the field. Undefined: the value of the setting. */
  readonly entered: SettingValue | undefined;
  /** For screen readers: the id of the error text. */
  readonly describedBy: string;
  readonly isRefused: boolean;
  /** In an empty field. */
  readonly placeholder: string;
  /** The choice or limit that holds without one of its own. Null: none, or not known. */
  readonly inherited: string | null;
  readonly onChange: (value: SettingValue) => void;
  /** The typed number is outside of its range, or is valid again. */
  readonly onInvalid: (isInvalid: boolean) => void;
}

export function TextField({
  setting,
  label,
  entered,
  describedBy,
  isRefused,
  placeholder,
  inherited,
  onChange,
  onInvalid,
}: TextFieldProps) {
  const labels = useLabels();
  const { t, format } = labels;
  const zero = zeroText(labels, setting.key);
  const textOf = (shown: SettingValue): string => (shown === null || (shown === 0 && zero !== null) ? '' : String(shown));
  const isPossible = (typed: string): boolean => (zero !== null && typed.trim() === '') || isInRange(setting, typed);
  const value = entered === undefined ? setting.value : entered;
  const held = value === null ? inherited : null;
  const plain = held ?? textOf(value);
  const isMarked = Number.isInteger(value) && typeof value === 'number' && !isPort(setting.key) && !(value === 0 && zero !== null);
  // While it is not typed, a round amount is easier to read in a larger unit.
  const round = isMarked ? roundAmountOf(setting.unit, value) : null;
  const shown = isMarked ? format.number(round?.amount ?? value) : plain;
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? shown;
  const unit = draft === null && round !== null ? round.unit : setting.unit;
  const isInvalid = draft !== null && !isPossible(draft);
  const edit = (next: string | null): void => {
    setDraft(next);
    onInvalid(next !== null && !isPossible(next));
  };
  const send = (): void => {
    if (draft === null || isInvalid) return;
    setDraft(null);
    if ((draft.trim() !== textOf(setting.value) && draft.trim() !== held) || isRefused)
      onChange(zero !== null && draft.trim() === '' ? 0 : valueOf(setting, draft));
  };
  const press = (event: KeyboardEvent): void => {
    // With an input method, Enter ends a word.
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) send();
    if (event.key === 'Escape') edit(isMarked || held !== null ? plain : null);
  };
  const isNumber = setting.control === 'number';
  return (
    <TextInput
      size="xs"
      className={(isNumber ? classes['number'] : classes['text']) ?? ''}
      aria-label={label}
      aria-describedby={describedBy}
      inputMode={isNumber ? 'decimal' : 'text'}
      value={text}
      placeholder={zero ?? placeholder}
      error={isInvalid || isRefused}
      spellCheck={false}
      autoComplete="off"
      maxLength={4096}
      rightSection={unit === null ? undefined : <span className={classes['unit']}>{t(`setting_unit.${unit}`)}</span>}
      rightSectionWidth={setting.unit === 'megabytes_per_minute' ? 64 : 36}
      rightSectionPointerEvents="none"
      onChange={(event) => edit(event.currentTarget.value)}
      onFocus={({ currentTarget }) => {
        if (!isMarked && held === null) return;
        // A new text would lose the selection of Tab, and typed digits would follow the old value.
        flushSync(() => edit(plain));
        currentTarget.select();
      }}
      onBlur={send}
      onKeyDown={press}
    />
  );
}

function isInRange({ control, range, default: fallback }: SettingView, text: string): boolean {
  if (control !== 'number' || range === null) return true;
  if (text.trim() === '') return fallback === null;
  const number = Number(text);
  return Number.isFinite(number) && number >= range.min && number <= range.max && (!range.whole || Number.isInteger(number));
}

/** An empty field is the default. */
function valueOf({ control }: SettingView, text: string): SettingValue {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return control === 'number' ? Number(trimmed) : trimmed;
}
