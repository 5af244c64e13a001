/** `sleep`: the computer suspends soon. `wake`: it runs again, or the sleep was cancelled. `shutdown`: it turns off soon. */
export type SleepEvent = 'sleep' | 'wake' | 'shutdown';
