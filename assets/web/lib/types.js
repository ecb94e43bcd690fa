/**
 * The shapes that Cuewire's frames carry. Times are ms, instants ms since 1970 on
 * Cuewire's clock.
 *
 * @typedef {object} RoomInfo
 * @property {string} id
 * @property {string} short_code
 * @property {string} name
 * @property {string} [timezone] an IANA name, '' for Cuewire's own
 * @property {string} [color_normal]
 * @property {string} [color_yellow]
 * @property {string} [color_red]
 *
 * @typedef {object} Timer
 * @property {string} id
 * @property {string} name
 * @property {string} speaker
 * @property {string} [notes] for operator and controller alone
 * @property {number} duration_ms
 * @property {'COUNTDOWN' | 'COUNTUP' | 'TOD' | 'HIDDEN'} appearance
 * @property {number} wrap_yellow_ms time left at which it turns yellow, 0 for never
 * @property {number} wrap_red_ms time left at which it turns red, 0 for never
 * @property {string} [label_color]
 * @property {'continue' | 'stop'} [overtime_mode]
 * @property {boolean} [auto_advance]
 * @property {string} [start_at] planned start, HH:MM:SS in the room's time zone, '' for after the one before
 * @property {boolean} [linked_start] starts after the one before, whatever start_at says
 * @property {string} [finish_at] counts to this time of day, '' for none
 * @property {boolean} [skip] passed over, and in no plan
 * @property {number} [position]
 *
 * @typedef {object} Message
 * @property {string} id
 * @property {string} text
 * @property {'white' | 'green' | 'yellow' | 'red'} color
 * @property {boolean} bold
 * @property {boolean} uppercase
 * @property {boolean} flash
 * @property {boolean} visible
 *
 * @typedef {object} Playback
 * @property {'running' | 'paused' | 'stopped'} state
 * @property {string | null} current_timer_id
 * @property {number} elapsed_ms at server_time
 * @property {number} duration_ms of this run
 * @property {number} server_time
 * @property {boolean} [overtime]
 * @property {boolean} blackout
 * @property {boolean} flash
 * @property {boolean} focus
 * @property {boolean} [on_air]
 * @property {string | null} [message_id]
 * @property {number | null} [show_start] when the rundown began to play, or is to by the clock, null before
 * @property {boolean} [roll] the clock chooses the timer
 * @property {number | null} [roll_at] when it does next: the current timer's start while that is stopped
 *
 * @typedef {object} Output OBS's stream or recording
 * @property {boolean} active
 * @property {boolean} paused
 * @property {string} state
 * @property {number} since when it became active, 0 while not
 * @property {number} duration ms of output at measured
 * @property {number} measured
 */
export {};
