// Provides texts, theme, clock, queries and store to all components. Composition only.
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import type { i18n } from 'i18next';
import { type ReactNode, useEffect, useLayoutEffect, useState } from 'react';
import { I18nextProvider } from 'react-i18next';
import type { Invitation } from './api/invitation';
import { ClockProvider, type ScreenClock } from './clock/Clock';
import { ToastsProvider } from './components/toasts/ToastsProvider';
import { changeLanguage, resolveLanguage } from './i18n/i18n';
import { LabelsProvider, useTranslatedLabels } from './i18n/use-labels';
import { createQueryClient } from './queries/query-client';
import { useWindowLook } from './queries/window-look';
import { Gate } from './shell/Gate';
import { INVITATION_PART } from './shell/late-parts';
import { StatusAnnouncer } from './shell/StatusAnnouncer';
import { type Screen, ScreenProvider, useScreenState } from './store/Screen';
import { resolveCssVariables, theme } from './theme/theme';
import { useSystemContrast, useSystemTheme } from './theme/use-system-theme';

export interface AppProps {
  readonly screen: Screen;
  readonly clock: ScreenClock;
  readonly i18n: i18n;
  /** The page of an invitation is shown instead of the dashboard. */
  readonly invitation?: Invitation | null;
}

export function App({ screen, clock, i18n, invitation = null }: AppProps) {
  const [queryClient] = useState(createQueryClient);
  return (
    <ScreenProvider value={screen}>
      <QueryClientProvider client={queryClient}>
        <ClockProvider value={clock}>
          <I18nextProvider i18n={i18n}>
            <Themed i18n={i18n}>
              {invitation === null ? (
                <ToastsProvider>
                  <StatusAnnouncer />
                  <Gate />
                </ToastsProvider>
              ) : (
                <INVITATION_PART.View link={invitation.link} />
              )}
            </Themed>
          </I18nextProvider>
        </ClockProvider>
      </QueryClientProvider>
    </ScreenProvider>
  );
}

function Themed({ i18n, children }: { readonly i18n: i18n; readonly children: ReactNode }) {
  const preferences = useScreenState((state) => state.preferences);
  const systemTheme = useSystemTheme();
  const isContrastWanted = useSystemContrast();
  const labels = useTranslatedLabels();
  const { theme: chosen } = preferences;
  const language = resolveLanguage(preferences.language, navigator.languages);
  useEffect(() => {
    let isWanted = true;
    // Without the new texts the screen keeps its language.
    changeLanguage(i18n, language, () => isWanted).catch(() => undefined);
    return () => {
      isWanted = false;
    };
  }, [language, i18n]);
  useEffect(() => {
    document.documentElement.lang = labels.language;
  }, [labels.language]);
  useWindowLook(labels.language === 'zh-CN' ? 'zh' : 'en', chosen === 'contrast' ? 'system' : chosen);
  useLayoutEffect(() => {
    document.documentElement.dataset['contrast'] = isContrastWanted || chosen === 'contrast' ? 'more' : 'usual';
  }, [isContrastWanted, chosen]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveCssVariables}
      forceColorScheme={chosen === 'light' || chosen === 'dark' ? chosen : systemTheme}
    >
      <LabelsProvider value={labels}>{children}</LabelsProvider>
    </MantineProvider>
  );
}
