// Apart from the tables of reasons, which the start of the program does not need in both languages.

export const capitalized = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
