// The sections of the Settings page, with the number of matches while a search runs. In a narrow window: a field with the sections.
import { NativeSelect } from '@mantine/core';
import { fieldGroups, GroupNav } from '../../components/GroupNav';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import { goTo } from '../../store/use-route';
import { SECTION_GROUPS, type SectionName } from './setting-sections';
import classes from './SettingsPage.module.css';

export interface SettingsNavProps {
  readonly sections: readonly SectionName[];
  /** Null: the settings of several sections are shown. */
  readonly chosen: SectionName | null;
  /** Null: no search. */
  readonly counts: ReadonlyMap<SectionName, number> | null;
}

export function SettingsNav({ sections, chosen, counts }: SettingsNavProps) {
  const { t } = useLabels();
  const groups = SECTION_GROUPS.map(({ group, sections: all }) => ({
    id: group,
    title: t(`setting_group.${group}`),
    links: all
      .filter((section) => sections.includes(section))
      .map((section) => ({
        id: section,
        name: t(`setting_section.${section}`),
        href: hrefOf({ page: 'settings', id: section }),
        matches: counts === null ? undefined : (counts.get(section) ?? 0),
      })),
  })).filter(({ links }) => links.length > 0);
  return (
    <>
      <GroupNav className={classes['nav']} label={t('settings.title')} groups={groups} chosen={chosen} />
      {chosen !== null && (
        <NativeSelect
          className={classes['select'] ?? ''}
          aria-label={t('settings.section')}
          value={chosen}
          onChange={(event) => goTo({ page: 'settings', id: event.currentTarget.value })}
          data={fieldGroups(groups)}
        />
      )}
    </>
  );
}
