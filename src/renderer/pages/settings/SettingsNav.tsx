// The sections of the Settings page, with the number of matches while a search runs. In a narrow window: a field with the sections.
import { NativeSelect } from '@mantine/core';
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
    group,
    shown: all.filter((section) => sections.includes(section)),
  })).filter(({ shown }) => shown.length > 0);
  return (
    <>
      <nav className={classes['nav']} aria-label={t('settings.title')}>
        {groups.map(({ group, shown }) => (
          <div key={group}>
            <h2>{t(`setting_group.${group}`)}</h2>
            {shown.map((section) => (
              <a
                key={section}
                href={hrefOf({ page: 'settings', id: section })}
                aria-current={section === chosen ? 'true' : undefined}
                data-empty={counts !== null && !counts.has(section) ? '' : undefined}
              >
                {t(`setting_section.${section}`)}
                {counts?.has(section) === true && <i>{counts.get(section)}</i>}
              </a>
            ))}
          </div>
        ))}
      </nav>
      {chosen !== null && (
        <NativeSelect
          className={classes['select'] ?? ''}
          aria-label={t('settings.section')}
          value={chosen}
          onChange={(event) => goTo({ page: 'settings', id: event.currentTarget.value })}
          data={groups.map(({ group, shown }) => ({
            group: t(`setting_group.${group}`),
            items: shown.map((section) => ({ value: section, label: t(`setting_section.${section}`) })),
          }))}
        />
      )}
    </>
  );
}
