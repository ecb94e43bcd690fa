// Package present turns what is true now into what the window shows: plain
// strings, colours and flags. It is pure: the same [Input] always gives the same
// [View], no clock is read and nothing is kept, so every rule of what a person
// reads is tested without a window.
package present
