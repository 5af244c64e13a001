// A menu that copies the connection of a program: address, key, model and CA filled in. Where a key is needed and none is known, the chosen
// entry creates one first; without that key nothing is copied.
import { Button, Menu } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import { useApp } from '../../store/Screen';
import { KEY_PLACEHOLDER } from './programs/program';
import { COPY_AS, type ProgramId, PROGRAMS, textOf } from './programs/table';
import type { PoolTarget } from './use-connect-target';
import classes from './CopyAs.module.css';

export interface CopyAsProps {
  readonly target: PoolTarget;
  readonly model: string;
  /** Null: none was asked. */
  readonly question: string | null;
  /** Null: none was created in this window. */
  readonly programKey: string | null;
  /** Creates a key for this program. Resolves to null when it failed. */
  readonly createKey: (program: string) => Promise<string | null>;
}

export function CopyAs({ target, model, question, programKey, createKey }: CopyAsProps) {
  const { t } = useLabels();
  const platform = useApp((app) => app.app.platform);
  const clipboard = useClipboard({ timeout: 2000 });
  const mayCreate = target.needsKey && programKey === null && target.mayCreateKey;
  const copy = async (program: ProgramId): Promise<void> => {
    const created = mayCreate ? await createKey(PROGRAMS[program].name) : null;
    if (mayCreate && created === null) return;
    const key = target.needsKey ? (programKey ?? created ?? KEY_PLACEHOLDER) : null;
    clipboard.copy(textOf(program, { ...target, key, model, platform, ...(question === null ? {} : { question }) }));
  };
  const label = clipboard.error !== null ? t('action.copy_failed') : t(clipboard.copied ? 'action.copied' : 'connect.as');
  return (
    <Menu
      position="top-end"
      shadow="md"
      width={340}
      returnFocus
      withinPortal={false}
      hideDetached={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <Button size="compact-sm" variant="default">
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes['facts']}>
          <span>{t('connect.base_url')}</span>
          <span>{target.baseUrl}</span>
          {target.needsKey && (
            <>
              <span>{t('connect.key')}</span>
              <span>{programKey === null ? (mayCreate ? t('connect.new_key') : KEY_PLACEHOLDER) : shortened(programKey)}</span>
            </>
          )}
        </div>
        <Menu.Divider />
        {COPY_AS.map((program) => (
          <Menu.Item key={program} onClick={() => void copy(program)}>
            <span className={classes['program']}>
              {PROGRAMS[program].name} <span>{t(`program.kind.${program}`)}</span>
            </span>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component="a" href={hrefOf({ page: 'connect' })}>
          {t('connect.more')}
        </Menu.Item>
        {target.needsKey && programKey !== null && <div className={classes['note']}>{t('connect.filled')}</div>}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Enough to recognise a key, too little to use it. */
const shortened = (key: string): string => (key.length <= 12 ? key : `${key.slice(0, 6)}…${key.slice(-4)}`);
