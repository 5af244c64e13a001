// The texts beside a setting: the result of the last change, else the origin of the value; and when a change applies.
import type { ReactNode } from 'react';
import type { SettingView } from '../../../shared/api/settings';
import { Path } from '../../components/Path';
import { Rich } from '../../components/Rich';
import type { Labels } from '../../i18n/use-labels';
import { originText, rangeText, refusalText, stillText, valueText } from '../../labels/setting-labels';
import type { SettingChanges } from '../../queries/settings';
import { hrefOf } from '../../routes';
import { isReadOnly } from './setting-sections';

export interface SettingStatus {
  readonly text: ReactNode;
  readonly tone: 'bad' | 'good' | 'plain';
}

/** The number in the field cannot be sent. */
export function outOfRange(labels: Labels, { setting, inherited }: Shown, range: NonNullable<SettingView['range']>): SettingStatus {
  return { text: `${rangeText(labels, setting.key, range)}${labels.gap}${stillText(labels, setting, inherited)}`, tone: 'bad' };
}

interface Shown {
  readonly setting: SettingView;
  readonly changes: SettingChanges;
  /** The choice or limit that holds while the setting has none. */
  readonly inherited: string | null;
  /** The share mode that gives a limit its default. */
  readonly mode: string | null;
  readonly titleOf: (key: string) => string | null;
}

export function statusOf(labels: Labels, { setting, changes, inherited, mode, titleOf }: Shown): SettingStatus {
  const { t } = labels;
  const change = changes.of(setting.key);
  switch (change?.kind) {
    case 'saving':
      return { text: t('settings.saving'), tone: 'plain' };
    case 'refused': {
      const { refusal } = change;
      if (refusal === null) return { text: t('error_unknown.title'), tone: 'bad' };
      if (refusal.problem === 'file_read_only' && refusal.reason !== null) {
        // A long path breaks between its names.
        const problem = <Rich k="setting_problem.file_read_only" values={{ file: <Path path={refusal.reason} /> }} />;
        return {
          text: (
            <>
              {problem}
              {labels.gap}
              {stillText(labels, setting, inherited)}
            </>
          ),
          tone: 'bad',
        };
      }
      return { text: refusalText(labels, { setting, inherited, titleOf }, refusal), tone: 'bad' };
    }
    case 'saved': {
      const before = valueText(labels, setting, change.before.value);
      return { text: t(setting.applies === 'at_once' ? 'settings.applied' : 'settings.saved', { before }), tone: 'good' };
    }
    case undefined: {
      const text = originText(labels, setting, mode);
      return {
        text:
          setting.origin.from === 'app' ? (
            <a className="link-target" href={hrefOf({ page: 'pool' })}>
              {text}
            </a>
          ) : (
            text
          ),
        tone: 'plain',
      };
    }
  }
}

/** When the change applies. Null: at once, or the head of the section says so. */
export function noteOf(labels: Labels, setting: SettingView, isNoted: boolean): string | null {
  if (setting.applies === 'at_once') return null;
  const part = setting.applies === 'restart_scheduler' ? 'scheduler' : 'program';
  if (setting.running !== undefined) return labels.t(`settings.waits_${part}`, { value: valueText(labels, setting, setting.running) });
  return isNoted || isReadOnly(setting) ? null : labels.t(`settings.applies_${part}`);
}
