// Where the files of the program are: each path with Copy, and in the app with Open.
import { Button } from '@mantine/core';
import { SETTINGS_FOLDERS, type SettingsView } from '../../../shared/api/settings';
import { Card } from '../../components/Card';
import { CopyButton } from '../../components/CopyButton';
import { ErrorNote } from '../../components/ErrorNote';
import { Path } from '../../components/Path';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import classes from './SettingsPage.module.css';

export function FoldersCard({ view: { file, folders, can_open_folders: canOpen } }: { readonly view: SettingsView }) {
  const { t } = useLabels();
  const open = useOperation('settings.open_folder');
  return (
    <Card title={t('settings.folders')}>
      <dl className={classes['folders']}>
        {SETTINGS_FOLDERS.map((folder) => {
          const path = folder === 'config' ? file : folders[folder];
          const name = t(`setting_folder.${folder}`);
          return [
            <dt key={`${folder}-name`}>{name}</dt>,
            <dd key={`${folder}-path`}>
              <Path path={path} />
            </dd>,
            <dd key={folder} className={classes['buttons']}>
              <CopyButton size="xs" value={path} text={t('settings.copy_path')} subject={name} />
              {canOpen && (
                <Button
                  size="xs"
                  variant="default"
                  aria-label={`${t('settings.open_folder')}${t('punctuation.colon')}${name}`}
                  onClick={() => void open.run({ folder })}
                >
                  {t('settings.open_folder')}
                </Button>
              )}
            </dd>,
          ];
        })}
      </dl>
      <ErrorNote error={open.error} />
    </Card>
  );
}
