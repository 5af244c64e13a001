/** Names of models that a stranger chose to run something on the computer of the user. */
export const HOSTILE_NAMES = [
  'a&calc&b',
  'x" & calc & "y',
  'a\\" | calc',
  '$(calc)',
  '`calc`',
  '%PATH%',
  'a^b!c!',
  '“x” ; calc',
  "it's",
  '<x>',
  '@C:/a',
];
