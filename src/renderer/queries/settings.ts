// The settings of the program, and their changes: what was saved with the state before (for Undo), and what was refused.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import {
  type SettingRefusal,
  settingRefusalSchema,
  type SettingsView,
  type SettingValue,
  type SettingView,
} from '../../shared/api/settings';
import type { AppError, OperationParams } from '../../shared/api/app-api';
import { type Answer, useAnswer } from './use-answer';
import { useOperation } from './use-operation';

const REFRESH_EVERY_MS = 5000;
/** The answer has all settings with their texts: beside other figures it is refreshed seldom. */
export const SELDOM_MS = 60_000;

/** Another program can edit the file, so the answer is refreshed. */
export const useSettings = (everyMs = REFRESH_EVERY_MS): Answer<SettingsView> => useAnswer('settings.list', {}, { everyMs: () => everyMs });

/** The last change of a setting on this page. */
export type SettingChange =
  | { readonly kind: 'saving'; readonly value: SettingValue }
  | { readonly kind: 'saved'; readonly before: SettingView }
  | { readonly kind: 'refused'; readonly value: SettingValue; readonly refusal: SettingRefusal | null; readonly error: AppError };

/** The value in the control. A refused value stays; a refused reset was no entry, so the setting keeps its value. */
export function enteredOf(change: SettingChange | undefined): SettingValue | undefined {
  if (change?.kind === 'refused') return change.value ?? undefined;
  return change?.kind === 'saving' ? change.value : undefined;
}

export interface SettingChanges {
  /** Undefined: not changed on this page. */
  readonly of: (key: string) => SettingChange | undefined;
  /** Null: the default. Values that were refused because they do not fit this setting are sent again with it. */
  readonly change: (setting: SettingView, value: SettingValue) => void;
  /** The value of the file before, else the default. */
  readonly undo: (before: SettingView) => void;
}

export function useSettingChanges(): SettingChanges {
  const { run } = useOperation('settings.set');
  const queries = useQueryClient();
  const [changes, setChanges] = useState<ReadonlyMap<string, SettingChange>>(new Map());
  const note = useCallback((key: string, change: SettingChange | null): void => {
    setChanges((before) => {
      const next = new Map(before);
      if (change === null) next.delete(key);
      else next.set(key, change);
      return next;
    });
  }, []);
  /** Whether the value was saved. Else the refusal is noted. */
  const save = useCallback(
    async (params: OperationParams<'settings.set'>, shown: SettingValue): Promise<boolean> => {
      const { key, value } = params;
      note(key, { kind: 'saving', value: shown });
      const outcome = await run(params);
      if (!outcome.ok) {
        const refusal = settingRefusalSchema.safeParse(outcome.error.details);
        note(key, { kind: 'refused', value, refusal: refusal.success ? refusal.data : null, error: outcome.error });
        return false;
      }
      // Before the next answer, so that no old value is shown for a moment.
      queries.setQueryData<SettingsView>(['settings.list', {}], (view) => view && withSetting(view, outcome.value));
      return true;
    },
    [note, queries, run],
  );
  const change = useCallback(
    async (setting: SettingView, value: SettingValue): Promise<void> => {
      const others = waitingFor(setting.key, changes);
      if (!(await save({ key: setting.key, value, with: others }, value))) return;
      note(setting.key, { kind: 'saved', before: setting });
      for (const other of others) note(other.key, null);
    },
    [changes, note, save],
  );
  const undo = useCallback(
    async ({ key, value, origin }: SettingView): Promise<void> => {
      if (await save({ key, value: origin.from === 'file' ? value : null }, value)) note(key, null);
    },
    [note, save],
  );
  return {
    of: (key) => changes.get(key),
    change: (setting, value) => void change(setting, value),
    undo: (before) => void undo(before),
  };
}

/** Values that were refused only because they do not fit the present value of this setting. */
const waitingFor = (key: string, changes: ReadonlyMap<string, SettingChange>): { key: string; value: SettingValue }[] =>
  [...changes].flatMap(([other, change]) =>
    change.kind === 'refused' && change.refusal?.problem === 'conflict' && change.refusal.related === key
      ? [{ key: other, value: change.value }]
      : [],
  );

const withSetting = (view: SettingsView, changed: SettingView): SettingsView => ({
  ...view,
  settings: view.settings.map((setting) => (setting.key === changed.key ? changed : setting)),
});

/** A flag or a variable sets it. */
export const isLocked = (setting: SettingView | undefined): boolean => setting?.origin.from === 'flag' || setting?.origin.from === 'env';
