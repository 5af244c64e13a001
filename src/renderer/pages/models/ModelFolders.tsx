// Shown without models: the model folders, and how to add a model.
import { Dim } from '../../components/Dim';
import { useLabels } from '../../i18n/use-labels';
import { FolderList } from './FolderList';
import classes from './ModelFolders.module.css';

export function ModelFolders({ folders }: { readonly folders: readonly string[] }) {
  const { t, gap } = useLabels();
  return (
    <div className={classes['folders']}>
      <p>
        <b>{t('models.none')}</b>
        {gap}
        {t('models.none_how')}
      </p>
      <Dim as="p">{folders.length === 0 ? t('models.no_folders') : t('models.folders')}</Dim>
      <FolderList folders={folders} />
    </div>
  );
}
