// Whether the window is as narrow as a phone: tables become blocks, drawers become pages. Style sheets use the same width.
import { useMediaQuery } from '@mantine/hooks';

export const useIsPhone = (): boolean => useMediaQuery('(max-width: 599px)', undefined, { getInitialValueInEffect: false });
