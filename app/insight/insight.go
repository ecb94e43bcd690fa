// Package insight is what helps a person who looks for a fault: the log with its
// file, the reports of crashes, and the bundle that is handed to who helps.
//
// Nothing that it writes holds a password, a token or the query of an address, and
// nothing that goes wrong with it stops anything else. The files are for their owner
// alone (mode 0600, folders 0700). docs/insight.md says it for users.
package insight
