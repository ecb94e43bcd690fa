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
 * @property {boolean} [questions_open] the audience may send questions
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
 * @property {string} [obs_scene_start] goes on program in OBS when it starts, '' for none
 * @property {string} [obs_scene_zero] likewise when its time is up
 * @property {string} [start_on_scene] starts when this scene goes on program
 * @property {boolean} [start_on_stream] starts when streaming starts
 * @property {string} [message_start] the text of a message to show when it starts
 * @property {string} [message_zero] likewise when its time is up
 * @property {SoundName | ''} [sound_start]
 * @property {SoundName | ''} [sound_zero]
 * @property {string} [webhook_start] for operator and controller alone
 * @property {string} [webhook_zero]
 * @property {number} [position]
 *
 * @typedef {'chime' | 'bell' | 'gong' | 'beeps'} SoundName
 *
 * @typedef {object} AuxTimer counts beside the rundown
 * @property {string} id
 * @property {string} name
 * @property {number} duration_ms
 * @property {'COUNTDOWN' | 'COUNTUP'} direction
 * @property {'running' | 'paused' | 'stopped'} state
 * @property {number} elapsed_ms at server_time
 * @property {number} run_duration_ms
 * @property {number} server_time
 *
 * @typedef {object} Question what somebody in the audience asked
 * @property {string} id
 * @property {string} text
 * @property {string} name '' for nobody's
 * @property {'new' | 'shown' | 'done'} state
 * @property {string} created_at
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
