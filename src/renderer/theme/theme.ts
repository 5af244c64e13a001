// The Mantine theme: system fonts, steps of 4 px, controls of 32 and 26 px, and Mantine's own variables bound to our tokens.
import { Button, createTheme, type CSSVariablesResolver, Input, type MantineColorsTuple } from '@mantine/core';
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

export const FONT_STACK = 'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
export const MONO_STACK = 'ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';

const CONTROL = '32px';
const SMALL_CONTROL = '26px';
const isSmall = (size: unknown): boolean => size === 'xs' || (typeof size === 'string' && size.startsWith('compact'));

export const theme = createTheme({
  fontFamily: FONT_STACK,
  fontFamilyMonospace: MONO_STACK,
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '22px' },
  lineHeights: { xs: '16px', sm: '18px', md: '20px', lg: '22px', xl: '28px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '3px', sm: '7px', md: '10px', lg: '14px', xl: '999px' },
  defaultRadius: 'sm',
  shadows: { float: 'var(--float)' },
  colors: { accent: sameInAllShades(LIGHT.accent) },
  primaryColor: 'accent',
  respectReducedMotion: true,
  components: {
    Modal: { defaultProps: { centered: true, radius: 'lg', shadow: 'float', transitionProps: { duration: 150 } } },
    Button: Button.extend({
      defaultProps: { size: 'sm', variant: 'filled' },
      vars: (_theme, { size }) => ({
        root: isSmall(size)
          ? { '--button-height': SMALL_CONTROL, '--button-padding-x': '9px', '--button-fz': '12px' }
          : { '--button-height': CONTROL, '--button-padding-x': '12px', '--button-fz': '13px' },
      }),
    }),
    // Its position says whether it is on. The dot in the knob looks like a zero.
    Switch: { defaultProps: { withThumbIndicator: false } },
    // Arrow keys change the value. The buttons would be two small targets.
    NumberInput: { defaultProps: { hideControls: true } },
    Input: Input.extend({ vars: () => ({ wrapper: { '--input-height': CONTROL, '--input-size': CONTROL, '--input-fz': '13px' } }) }),
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
    '--mantine-color-default-hover': tokens.hover,
    '--mantine-color-default-color': tokens.ink,
    '--mantine-color-default-border': tokens.buttonEdge,
    '--mantine-primary-color-filled': tokens.accentFill,
    '--mantine-primary-color-filled-hover': tokens.accentHover,
    '--mantine-primary-color-contrast': tokens.onAccent,
    '--mantine-primary-color-light': tokens.tint,
    '--mantine-primary-color-light-hover': tokens.tint,
    '--mantine-primary-color-light-color': tokens.accent,
    '--mantine-color-accent-filled': tokens.accentFill,
    '--mantine-color-accent-filled-hover': tokens.accentHover,
    '--mantine-color-accent-outline': tokens.accent,
    '--mantine-color-accent-light': tokens.tint,
    '--mantine-color-accent-light-hover': tokens.tint,
    '--mantine-color-accent-light-color': tokens.accent,
  };
}
