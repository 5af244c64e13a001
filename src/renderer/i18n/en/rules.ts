// The rules by which the owner pauses this computer.
export const rules = {
  rules: {
    full_screen: 'Pause while a full-screen program runs',
    temperature: 'Pause above {{limit}}',
    battery: 'Share only on mains power',
    schedule: 'Schedule',
    process: 'Pause for {{programs}}',
    process_none: 'Pause while chosen programs use a GPU',
    off: 'Off',
    set: 'Set up',
    exceptions: 'Exceptions',
    change: 'Change',
    pauses: 'Pauses now',
  },
  /** Beside a rule: what it is judged from. */
  rule_now: {
    temperature: 'Now {{celsius}}',
    full_screen: '{{program}} is in full screen',
    no_full_screen: 'No full-screen program now',
    process: '{{program}} uses a GPU',
    no_process: 'None of them uses a GPU now',
    on_battery: 'On battery now',
    on_mains: 'On mains power now',
    open: 'Open now',
    open_until: 'Open until {{time}}',
    closed: 'Closed now',
    closed_until: 'Closed until {{time}}',
    not_read: 'Not known yet',
    not_supported: 'Not supported on this computer',
  },
  /** When a pause by a rule ends. */
  rule_end: {
    full_screen: 'Sharing resumes 2 minutes after the program closes.',
    process: 'Sharing resumes 2 minutes after the program closes.',
    battery: 'Sharing resumes on mains power.',
    temperature: 'Sharing resumes when the GPU is 5 °C below the limit.',
  },
};
