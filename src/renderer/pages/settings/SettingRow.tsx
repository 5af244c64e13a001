// One setting: title, a sentence with the live value, the control, and where the value comes from with Undo or Reset.
import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useId, useState } from 'react';
import type { SettingView } from '../../../shared/api/settings';
import { hasPicker, RulePicker, SCHEDULE_KEY } from '../../components/sharing/RulePicker';
import { UseBar, type Use } from '../../components/bars/UseBar';
import { LinkButton } from '../../components/LinkButton';
import { type Labels, useLabels } from '../../i18n/use-labels';
import { localized } from '../../labels/localized';
import { choiceTexts, roundAmountOf } from '../../labels/setting-labels';
import { enteredOf, type SettingChange, type SettingChanges, useSettings } from '../../queries/settings';
import { useOperation } from '../../queries/use-operation';
import { Marked } from './Marked';
import { SettingControl } from './SettingControl';
import { isReadOnly } from './setting-sections';
import { noteOf, outOfRange, type SettingStatus, statusOf } from './setting-status';
import classes from './SettingRow.module.css';

/** What the program measures beside a setting. */
export interface LiveValue {
  readonly text: string;
  /** A use in percent, with the limit that holds now. */
  readonly bar?: { readonly use: Use; readonly limit: number | null };
}

export interface SettingRowProps {
  readonly setting: SettingView;
  readonly changes: SettingChanges;
  readonly words: readonly string[];
  readonly live: LiveValue | null;
  /** Why a switch has no effect here. Null: it has one. */
  readonly blocked: string | null;
  /** In an empty field. */
  readonly placeholder: string;
  /** Of a list: items that the program knows. */
  readonly known: readonly string[];
  /** The choice or limit that holds while the setting has none. */
  readonly inherited: string | null;
  /** The share mode that gives a limit its default. */
  readonly mode: string | null;
  readonly titleOf: (key: string) => string | null;
  /** The head of the section says when changes apply. */
  readonly isNoted: boolean;
}

export function SettingRow(props: SettingRowProps) {
  const { setting, changes, live, blocked, placeholder, known, inherited } = props;
  const labels = useLabels();
  const statusId = useId();
  const [isInvalid, setInvalid] = useState(false);
  const change = changes.of(setting.key);
  const title = localized(labels, setting.title);
  const status = isInvalid && setting.range !== null ? outOfRange(labels, props, setting.range) : statusOf(labels, props);
  const isNarrow = useIsNarrow();
  const isInGrid = setting.key === SCHEDULE_KEY && !isReadOnly(setting);
  const origin = <Origin id={statusId} status={status} setting={setting} title={title} change={change} changes={changes} />;
  const control = (
    <SettingControl
      setting={setting}
      label={title}
      entered={enteredOf(change)}
      describedBy={statusId}
      isRefused={change?.kind === 'refused'}
      isDisabled={blocked !== null}
      placeholder={placeholder}
      known={known}
      inherited={inherited}
      onChange={(value) => changes.change(setting, value)}
      onInvalid={setInvalid}
    />
  );
  return (
    <div className={classes['row']} data-changed={change?.kind === 'saved' ? '' : undefined}>
      <Texts {...props} title={title} isInGrid={isInGrid} origin={isNarrow ? origin : null} />
      <div className={classes['control']} data-control={setting.control}>
        {live?.bar !== undefined && (
          <span className={classes['bar']}>
            <UseBar
              label={title}
              use={live.bar.use}
              total={100}
              limit={typeof setting.value === 'number' ? setting.value : live.bar.limit}
              text={live.text}
              figure={null}
              first="owner"
            />
          </span>
        )}
        {!isInGrid && control}
      </div>
      {!isNarrow && origin}
      {hasPicker(setting.key) && (
        <Picker setting={setting} title={title} change={change} changes={changes}>
          {isInGrid && <AsText isOpen={change?.kind === 'refused'}>{control}</AsText>}
        </Picker>
      )}
    </div>
  );
}

interface TextsProps extends Pick<SettingRowProps, 'setting' | 'words' | 'live' | 'blocked' | 'isNoted'> {
  readonly title: string;
  /** The value is chosen in a grid, which needs no example of a text. */
  readonly isInGrid: boolean;
  /** In the line of the name. Null: it has its own place. */
  readonly origin: ReactNode;
}

function Texts({ setting, words, live, blocked, isNoted, title, isInGrid, origin }: TextsProps) {
  const labels = useLabels();
  const { gap } = labels;
  const note = noteOf(labels, setting, isNoted);
  const choices = choiceTexts(labels, setting.key);
  const name = (
    <b>
      <Marked text={title} words={words} />
    </b>
  );
  const expected = isReadOnly(setting) || isInGrid ? null : setting.expected;
  return (
    <div className={classes['texts']}>
      {origin === null ? (
        name
      ) : (
        <div className={classes['name']}>
          {name}
          {origin}
        </div>
      )}
      <p>
        <Marked text={localized(labels, setting.help)} words={words} />
        {expected !== null && <Unbroken text={`${gap}${localized(labels, expected)}`} />}
        {nowText(labels, setting, live)}
        {blocked !== null && `${gap}${blocked}`}
        {note !== null && <span data-waits={setting.running === undefined ? undefined : ''}>{`${gap}${note}`}</span>}
      </p>
      {choices.length > 0 && (
        <ul className={classes['choices']}>
          {choices.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      {words.length > 0 && (
        <code className={classes['key']}>
          <Marked text={setting.key} words={words} />
        </code>
      )}
    </div>
  );
}

/** A word with a hyphen, such as `mon-fri`, stays in one line. */
const Unbroken = ({ text }: { readonly text: string }) =>
  text.split(/([\w:]+-[\w:]+)/).map((part, index) =>
    index % 2 === 1 ? (
      <span key={index} className={classes['whole']}>
        {part}
      </span>
    ) : (
      part
    ),
  );

/** What the program measures; for a number of bytes that is not round the size in a larger unit. */
function nowText({ t, format, gap }: Labels, { unit, value }: SettingView, live: LiveValue | null): string {
  if (live !== null) return `${gap}${live.text}`;
  return unit === 'bytes' && typeof value === 'number' && roundAmountOf(unit, value) === null
    ? `${gap}${t('setting_now.use', { value: format.bytes(value) })}`
    : '';
}

/** Between a phone and a window with a column for the origin. The style sheet uses the same widths. */
const useIsNarrow = (): boolean =>
  useMediaQuery('(min-width: 600px) and (max-width: 1279px)', undefined, { getInitialValueInEffect: false });

/** The hours of the grid as text. A refused one stays in sight. */
function AsText({ isOpen, children }: { readonly isOpen: boolean; readonly children: ReactNode }) {
  const { t } = useLabels();
  return (
    <details open={isOpen || undefined}>
      <summary>{t('settings.as_text')}</summary>
      <div className={classes['asText']}>{children}</div>
    </details>
  );
}

function Picker({ setting, title, change, changes, children }: OriginActionProps & { readonly children: ReactNode }) {
  return (
    <div className={classes['picker']}>
      <RulePicker
        setting={setting}
        label={title}
        entered={enteredOf(change)}
        isLocked={isReadOnly(setting)}
        hidesChosen
        onChange={(value) => changes.change(setting, value)}
      />
      {children}
    </div>
  );
}

interface OriginActionProps {
  readonly setting: SettingView;
  readonly title: string;
  readonly change: SettingChange | undefined;
  readonly changes: SettingChanges;
}

interface OriginProps extends OriginActionProps {
  readonly id: string;
  readonly status: SettingStatus;
}

function Origin({ id, status: { text, tone }, ...action }: OriginProps) {
  const { t } = useLabels();
  return (
    <div className={classes['origin']} data-tone={tone} data-plain={text === t('setting_origin.default') ? '' : undefined}>
      <span id={id} role={tone === 'bad' ? 'alert' : undefined}>
        {text}
      </span>
      <OriginAction {...action} />
    </div>
  );
}

function OriginAction({ setting, title, change, changes }: OriginActionProps) {
  const { t } = useLabels();
  if (change?.kind === 'saved')
    return (
      <LinkButton label={t('settings.undo_of', { title })} onClick={() => changes.undo(change.before)}>
        {t('settings.undo')}
      </LinkButton>
    );
  if (change?.kind === 'refused' && change.refusal?.problem === 'file_read_only') return <OpenConfigFolder />;
  if (setting.origin.from !== 'file' || change !== undefined) return null;
  return (
    <LinkButton label={t('settings.reset_of', { title })} onClick={() => changes.change(setting, null)}>
      {t('settings.reset')}
    </LinkButton>
  );
}

function OpenConfigFolder() {
  const { t } = useLabels();
  const canOpen = useSettings().value?.can_open_folders === true;
  const { run } = useOperation('settings.open_folder');
  return canOpen && <LinkButton onClick={() => void run({ folder: 'config' })}>{t('settings.open_folder')}</LinkButton>;
}
