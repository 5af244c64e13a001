// The Settings page: sections at the left, the settings of one section or all that match the search, and appearance and facts of the
// program. A caller that may not manage the program sees appearance and facts alone.
import { CloseButton, TextInput } from '@mantine/core';
import type { AppError } from '../../../shared/api/app-api';
import type { SettingView } from '../../../shared/api/settings';
import { Card } from '../../components/Card';
import { CopyButton } from '../../components/CopyButton';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { LinkButton } from '../../components/LinkButton';
import { Page } from '../../components/Page';
import { useLabels } from '../../i18n/use-labels';
import { useSettings } from '../../queries/settings';
import { useApp } from '../../store/Screen';
import { goTo, useRoute } from '../../store/use-route';
import { AboutSection } from './AboutSection';
import { AppearanceSection } from './AppearanceSection';
import { FaultCard } from './FaultCard';
import { FoldersCard } from './FoldersCard';
import { RestartCard } from './RestartCard';
import { settingsReport } from './settings-report';
import { sectionsOf, SECTIONS, type SectionName } from './setting-sections';
import { searchOwnSections, searchSettings } from './settings-search';
import { SettingSections } from './SettingSections';
import { SettingsNav } from './SettingsNav';
import { UpdateCard } from './UpdateCard';
import classes from './SettingsPage.module.css';

export function SettingsPage() {
  const labels = useLabels();
  const { t } = labels;
  const { id, search } = useRoute();
  const { value: view, error } = useSettings();
  const app = useApp((state) => state.app);
  const update = useApp((state) => state.update);
  const settings = view?.settings ?? null;
  const sections = sectionsOf(settings);
  const chosen = SECTIONS.find((section) => section === id && sections.includes(section)) ?? sections[0] ?? 'about';
  const found = settings === null ? [] : searchSettings(labels, settings, search);
  const isSearching = search.trim() !== '';
  const own = isSearching ? searchOwnSections(labels, search) : [];
  const isShown = (section: 'appearance' | 'about'): boolean => (isSearching ? own.includes(section) : chosen === section);
  const setSearch = (text: string): void => goTo({ page: 'settings', id, search: text }, { replace: true });
  return (
    <Page
      title={t('settings.title')}
      subtitle={settings !== null && <SearchField search={search} found={found.length} total={settings.length} onSearch={setSearch} />}
      actions={view !== null && <CopyButton value={settingsReport(view, app)} text={t('settings.copy_changed')} />}
    >
      <div className={classes['layout']}>
        <SettingsNav sections={sections} chosen={isSearching ? null : chosen} counts={isSearching ? countsOf(found, own) : null} />
        <div className={classes['content']}>
          {view?.fault != null && <FaultCard fault={view.fault} />}
          {settings !== null && <RestartCard settings={settings} section={isSearching ? null : chosen} />}
          {!isSearching && chosen === 'updates' && update !== null && <UpdateCard update={update} />}
          {error !== null && <NoSettings error={error} />}
          {settings !== null && (
            <SettingSections
              settings={settings}
              shown={isSearching ? found : settings.filter(({ section }) => section === chosen)}
              search={isSearching ? search : ''}
            />
          )}
          {isShown('appearance') && <AppearanceSection />}
          {isShown('about') && <AboutSection />}
          {settings !== null && isSearching && found.length + own.length === 0 && (
            <NoneFound search={search} onClear={() => setSearch('')} />
          )}
          {!isSearching && view !== null && (chosen === 'diagnostics' || chosen === 'about') && <FoldersCard view={view} />}
        </div>
      </div>
    </Page>
  );
}

interface SearchFieldProps {
  readonly search: string;
  readonly found: number;
  readonly total: number;
  readonly onSearch: (search: string) => void;
}

function SearchField({ search, found, total, onSearch }: SearchFieldProps) {
  const { t, format } = useLabels();
  return (
    <div className={classes['search']}>
      <TextInput
        size="xs"
        type="search"
        aria-label={t('settings.search')}
        placeholder={t('settings.search')}
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
        maxLength={256}
        spellCheck={false}
        autoComplete="off"
        rightSection={search === '' ? undefined : <CloseButton size="sm" aria-label={t('action.close')} onClick={() => onSearch('')} />}
      />
      <span role="status">{search !== '' && t('table.found', { found: format.number(found), total: format.number(total) })}</span>
    </div>
  );
}

function NoneFound({ search, onClear }: { readonly search: string; readonly onClear: () => void }) {
  const { t, gap } = useLabels();
  return (
    <Card label={t('settings.title')}>
      <Dim as="p">
        {t('settings.none_found', { search })}
        {gap}
        <LinkButton onClick={onClear}>{t('settings.clear_search')}</LinkButton>
      </Dim>
    </Card>
  );
}

function NoSettings({ error }: { readonly error: AppError }) {
  const { t } = useLabels();
  const { code } = error;
  if (code !== 'FORBIDDEN' && code !== 'NOT_AVAILABLE_HERE') return <ErrorNote error={error} />;
  return (
    <Card label={t('settings.title')}>
      <Dim as="p">{t(code === 'FORBIDDEN' ? 'settings.not_owner' : 'error.NOT_AVAILABLE_HERE.fix')}</Dim>
    </Card>
  );
}

function countsOf(found: readonly SettingView[], own: readonly SectionName[]): ReadonlyMap<SectionName, number> {
  const counts = new Map<SectionName, number>(own.map((section) => [section, 1]));
  for (const { section } of found) counts.set(section, (counts.get(section) ?? 0) + 1);
  return counts;
}
