// English: an invitation as a text for another person, and the one of a shared pool.
export const invitation = {
  invitation: {
    copy: 'Copy invitation',
    copy_link: 'Copy the link only',
    many: 'Up to {{uses}} computers can join with this invitation until {{until}}, run jobs, and send requests. Revoke the invitation on the Members page.',
    other: 'Invite with other roles, models or validity…',
    expired: 'The invitation that was made when the pool started has expired.',
    again: 'Make an invitation…',
    install:
      'Install Muster from its package, and start Muster from the menu of programs. In a clone of its source, “npm start” does both.',
    reach: 'The link works where {{host}} is reachable: in this network, or through a VPN such as Tailscale.',
    computers_one: '{{count}} computer',
    computers_other: '{{count}} computers',
    /** The text that the button copies, for another person. */
    message: {
      intro: 'You are invited to the pool “{{pool}}”. Your computer then runs AI jobs of the pool on its GPU, with Muster.',
      intro_unnamed: 'You are invited to a pool. Your computer then runs AI jobs of the pool on its GPU, with Muster.',
      open: 'Open this link, or paste the link in Muster into “Join link or address”',
      browser: 'The same in a browser',
      valid: 'Valid for {{computers}} until {{until}}. The link contains a key: do not pass the link on.',
      dashboard: 'Dashboard',
      base_url: 'Base URL for programs',
    },
  },
};
