// The Mantine theme: system fonts, an 8 px grid, 10 px radii, and Mantine's own variables bound to our tokens.
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';
import { cssVariables, DARK, LIGHT, type Tokens } from './tokens';

const sameInAllShades = (colour: string): MantineColorsTuple => [
  colour,
  colour,
  colour,
  colour,
  colour,
  colour,
  colour,
  colour,
  colour,
  colour,
];

export const FONT_STACK = 'system-ui, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
export const MONO_STACK = 'ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';

export const theme = createTheme({
  fontFamily: FONT_STACK,
  fontFamilyMonospace: MONO_STACK,
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '16px', xl: '22px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '4px', sm: '7px', md: '10px', lg: '10px', xl: '16px' },
  defaultRadius: 'sm',
  colors: { accent: sameInAllShades(LIGHT.accent) },
  primaryColor: 'accent',
  respectReducedMotion: true,
  components: {
    Modal: { defaultProps: { centered: true, radius: 'md', transitionProps: { duration: 150 } } },
    Drawer: { defaultProps: { transitionProps: { duration: 150 } } },
    Button: { defaultProps: { size: 'sm', variant: 'filled' } },
  },
});

export const resolveCssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...cssVariables(LIGHT), ...mantineVariables(LIGHT) },
  dark: { ...cssVariables(DARK), ...mantineVariables(DARK) },
});

function mantineVariables(tokens: Tokens): Record<string, string> {
  return {
    '--mantine-color-body': tokens.panel,
    '--mantine-color-text': tokens.ink,
    '--mantine-color-bright': tokens.ink,
    '--mantine-color-dimmed': tokens.dim,
    '--mantine-color-placeholder': tokens.faint,
    '--mantine-color-anchor': tokens.accent,
    '--mantine-color-error': tokens.error,
    '--mantine-color-default': tokens.panel,
    '--mantine-color-default-hover': tokens.sunk,
    '--mantine-color-default-color': tokens.ink,
    '--mantine-color-default-border': tokens.edge,
    '--mantine-primary-color-filled': tokens.accent,
    '--mantine-primary-color-filled-hover': tokens.accentHover,
    '--mantine-primary-color-contrast': tokens.onAccent,
    '--mantine-primary-color-light': tokens.tint,
    '--mantine-primary-color-light-hover': tokens.tint,
    '--mantine-primary-color-light-color': tokens.accent,
    '--mantine-color-accent-filled': tokens.accent,
    '--mantine-color-accent-filled-hover': tokens.accentHover,
    '--mantine-color-accent-outline': tokens.accent,
    '--mantine-color-accent-light': tokens.tint,
    '--mantine-color-accent-light-hover': tokens.tint,
    '--mantine-color-accent-light-color': tokens.accent,
  };
}
