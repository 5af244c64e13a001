// Provides texts, theme, clock, queries and store to all components. Composition only.
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import type { i18n } from 'i18next';
import { useEffect, useState } from 'react';
import { I18nextProvider } from 'react-i18next';
import { ClockProvider, type ScreenClock } from './clock/Clock';
import { resolveLanguage } from './i18n/i18n';
import { LabelsProvider, useTranslatedLabels } from './i18n/use-labels';
import { createQueryClient } from './queries/query-client';
import { Gate } from './shell/Gate';
import { StatusAnnouncer } from './shell/StatusBar';
import { type Screen, ScreenProvider, useScreenState } from './store/Screen';
import { resolveCssVariables, theme } from './theme/theme';
import { useSystemTheme } from './theme/use-system-theme';

export interface AppProps {
  readonly screen: Screen;
  readonly clock: ScreenClock;
  readonly i18n: i18n;
}

export function App({ screen, clock, i18n }: AppProps) {
  const [queryClient] = useState(createQueryClient);
  return (
    <ScreenProvider value={screen}>
      <QueryClientProvider client={queryClient}>
        <ClockProvider value={clock}>
          <I18nextProvider i18n={i18n}>
            <Themed i18n={i18n} />
          </I18nextProvider>
        </ClockProvider>
      </QueryClientProvider>
    </ScreenProvider>
  );
}

function Themed({ i18n }: { readonly i18n: i18n }) {
  const preferences = useScreenState((state) => state.preferences);
  const systemTheme = useSystemTheme();
  const labels = useTranslatedLabels();
  const language = resolveLanguage(preferences.language, navigator.languages);
  useEffect(() => {
    document.documentElement.lang = language;
    void i18n.changeLanguage(language);
  }, [language, i18n]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveCssVariables}
      forceColorScheme={preferences.theme === 'system' ? systemTheme : preferences.theme}
    >
      <LabelsProvider value={labels}>
        <StatusAnnouncer />
        <Gate />
      </LabelsProvider>
    </MantineProvider>
  );
}
