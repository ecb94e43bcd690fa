package wsserver

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// wsCases are the cases of TestWebSocketConformance, by Autobahn's numbers.
func wsCases() []wsCase {
	var cases []wsCase
	add := func(id string, steps ...wsStep) {
		cases = append(cases, wsCase{id, func(*wsEndpoint) []wsStep { return steps }})
	}
	asks := func(id string, steps func(e *wsEndpoint) []wsStep) { cases = append(cases, wsCase{id, steps}) }
	// padded is a message of so many bytes that is answered, with an error where it is too
	// short to ask for anything.
	padded := func(e *wsEndpoint, size int) string {
		ask := e.ask("*")
		if size < len(ask) {
			return strings.Repeat("*", size)
		}
		return ask + strings.Repeat(" ", size-len(ask))
	}

	// 1: framing. Binary messages are refused with 1003.
	for i, size := range []int{0, 125, 126, 127, 128, 65_535, 65_536} {
		asks(fmt.Sprintf("1.1.%d", i+1), func(e *wsEndpoint) []wsStep { return []wsStep{sends(wsText(padded(e, size))), answered, parts} })
		add(fmt.Sprintf("1.2.%d", i+1), sends(clientFrame(true, 0, ws.OpBinary, make([]byte, size))), closes(1003))
	}
	asks("1.1.8", func(e *wsEndpoint) []wsStep {
		return []wsStep{chopped(997, wsText(padded(e, 65_536))), answered, parts}
	})
	add("1.2.8", chopped(997, clientFrame(true, 0, ws.OpBinary, make([]byte, 65_536))), closes(1003))

	// 2: pings and pongs.
	longest := strings.Repeat("\xfe", 125)
	add("2.1", sends(wsPing("")), pongs(""), parts)
	add("2.2", sends(wsPing("Hello, world!")), pongs("Hello, world!"), parts)
	add("2.3", sends(wsPing("\x00\xff\xfe\xfd\xfc\xfb\x00\xff")), pongs("\x00\xff\xfe\xfd\xfc\xfb\x00\xff"), parts)
	add("2.4", sends(wsPing(longest)), pongs(longest), parts)
	add("2.5", sends(wsPing(longest+"\xfe")), closes(1002))
	add("2.6", chopped(1, wsPing(longest)), pongs(longest), parts)
	add("2.7", sends(wsPong("")), parts)
	add("2.8", sends(wsPong("unsolicited")), parts)
	add("2.9", sends(wsPong("unsolicited"), wsPing("ping")), pongs("ping"), parts)
	for id, step := range map[string]func(...[]byte) wsStep{
		"2.10": sends, "2.11": func(frames ...[]byte) wsStep { return chopped(1, frames...) },
	} {
		var pings [][]byte
		steps := []wsStep{nil}
		for i := range 10 {
			pings = append(pings, wsPing(fmt.Sprint("payload-", i)))
			steps = append(steps, pongs(fmt.Sprint("payload-", i)))
		}
		steps[0] = step(pings...)
		add(id, append(steps, parts)...)
	}

	// 3: reserved bits.
	add("3.1", sends(clientFrame(true, 1, ws.OpText, []byte("x"))), closes(1002))
	for id, test := range map[string]struct {
		rsv  byte
		chop int
	}{"3.2": {2, 0}, "3.3": {3, 0}, "3.4": {4, 1}} {
		asks(id, func(e *wsEndpoint) []wsStep {
			return []wsStep{
				chopped(test.chop, wsText(e.ask("before")), clientFrame(true, test.rsv, ws.OpText, []byte(e.ask("wrong"))), wsPing("after")),
				comesBack("before"), closes(1002),
			}
		})
	}
	add("3.5", sends(clientFrame(true, 5, ws.OpBinary, []byte("x"))), closes(1002))
	add("3.6", sends(clientFrame(true, 6, ws.OpPing, []byte("x"))), closes(1002))
	add("3.7", sends(clientFrame(true, 7, ws.OpClose, []byte{3, 232})), closes(1002))

	// 4: reserved opcodes.
	for group, first := range map[string]ws.OpCode{"4.1": 3, "4.2": 11} {
		for i, test := range []struct {
			payload string
			before  bool
			chop    int
		}{{"", false, 0}, {"reserved", false, 0}, {"", true, 0}, {"reserved", true, 0}, {"reserved", true, 1}} {
			asks(fmt.Sprintf("%s.%d", group, i+1), func(e *wsEndpoint) []wsStep {
				wrong := clientFrame(true, 0, first+ws.OpCode(i), []byte(test.payload))
				if !test.before {
					return []wsStep{sends(wrong, wsPing("after")), closes(1002)}
				}
				return []wsStep{chopped(test.chop, wsText(e.ask("before")), wrong, wsPing("after")), comesBack("before"), closes(1002)}
			})
		}
	}
	fragmentCases(add, asks)
	textCases(add, asks)
	closeCases(add, asks)

	// 9: sizes and numbers. What is over 65,536 bytes is refused with 1009.
	for i, size := range []int{64 << 10, 256 << 10, 1 << 20, 4 << 20} {
		asks(fmt.Sprintf("9.1.%d", i+1), func(e *wsEndpoint) []wsStep {
			if size <= maxMessage {
				return []wsStep{sends(wsText(padded(e, size))), answered, parts}
			}
			return []wsStep{sends(wsText(padded(e, size))), closes(1009)}
		})
	}
	for i, size := range []int{64, 256, 1 << 10, 4 << 10, 16 << 10, 64 << 10} {
		asks(fmt.Sprintf("9.3.%d", i+1), func(e *wsEndpoint) []wsStep { // a message of 64 KiB in fragments
			return []wsStep{sends(fragments(padded(e, 64<<10), size)...), answered, parts}
		})
		asks(fmt.Sprintf("9.3.%d over", i+1), func(e *wsEndpoint) []wsStep {
			return []wsStep{sends(fragments(padded(e, 64<<10+1), size)...), closes(1009)}
		})
		asks(fmt.Sprintf("9.5.%d", i+1), func(e *wsEndpoint) []wsStep { // in pieces of one frame
			return []wsStep{chopped(size, wsText(padded(e, 64<<10))), answered, parts}
		})
	}
	for i, size := range []int{0, 16, 64, 256, 1024, 4096} {
		asks(fmt.Sprintf("9.7.%d", i+1), func(e *wsEndpoint) []wsStep {
			var steps []wsStep
			for range 100 {
				steps = append(steps, sends(wsText(padded(e, size))), answered)
			}
			return append(steps, parts)
		})
	}
	asks("10.1.1", func(e *wsEndpoint) []wsStep {
		return []wsStep{sends(fragments(padded(e, 65_536), 1300)...), answered, parts}
	})
	return cases
}

// fragments cuts a text into frames of a size, wherever that cuts characters.
func fragments(text string, size int) (frames [][]byte) {
	for code := ws.OpText; ; code = ws.OpContinuation {
		n := min(size, len(text))
		frames = append(frames, clientFrame(n == len(text), 0, code, []byte(text[:n])))
		if text = text[n:]; text == "" {
			return frames
		}
	}
}

type (
	addCase  func(id string, steps ...wsStep)
	addAsked func(id string, steps func(e *wsEndpoint) []wsStep)
)

// fragmentCases are Autobahn's section 5.
func fragmentCases(add addCase, asks addAsked) {
	halves := func(e *wsEndpoint) (a, b string) {
		ask := e.ask("fragments")
		return ask[:len(ask)/2], ask[len(ask)/2:]
	}
	add("5.1", sends(clientFrame(false, 0, ws.OpPing, []byte("a")), wsLast("b")), closes(1002))
	add("5.2", sends(clientFrame(false, 0, ws.OpPong, []byte("a")), wsLast("b")), closes(1002))
	for chop, ids := range map[int][5]string{
		0: {"5.4", "5.7", "5.10", "5.13", "5.15"}, 1: {"5.5", "5.8", "5.11", "5.14", "5.15 by octets"}, 7: {"5.3", "5.6", "5.9", "5.12", "5.15 by sevens"},
	} {
		asks(ids[0], func(e *wsEndpoint) []wsStep {
			a, b := halves(e)
			return []wsStep{chopped(chop, wsFirst(a), wsLast(b)), comesBack("fragments"), parts}
		})
		asks(ids[1], func(e *wsEndpoint) []wsStep {
			a, b := halves(e)
			return []wsStep{chopped(chop, wsFirst(a), wsPing("between"), wsLast(b)), pongs("between"), comesBack("fragments"), parts}
		})
		asks(ids[2], func(e *wsEndpoint) []wsStep {
			return []wsStep{chopped(chop, wsLast("of nothing"), wsText(e.ask("after"))), closes(1002)}
		})
		asks(ids[3], func(e *wsEndpoint) []wsStep {
			return []wsStep{chopped(chop, wsMore("of nothing"), wsText(e.ask("after"))), closes(1002)}
		})
		asks(ids[4], func(e *wsEndpoint) []wsStep {
			a, b := halves(e)
			return []wsStep{chopped(chop, wsFirst(a), wsLast(b), wsMore("of nothing"), wsText(e.ask("after"))), comesBack("fragments"), closes(1002)}
		})
	}
	add("5.16", sends(wsMore("of nothing"), wsFirst("a"), wsLast("b")), closes(1002))
	add("5.17", sends(wsLast("of nothing"), wsFirst("a"), wsLast("b")), closes(1002))
	add("5.18", sends(wsFirst("a"), wsText("b")), closes(1002))
	for id, chop := range map[string]int{"5.19": 5, "5.20": 0} {
		asks(id, func(e *wsEndpoint) []wsStep {
			a, b := halves(e)
			return []wsStep{
				chopped(chop, wsFirst(a[:3]), wsMore(a[3:5]), wsPing("one"), wsMore(a[5:]), wsMore(b[:3]), wsPing("two"), wsLast(b[3:])),
				pongs("one"), pongs("two"), comesBack("fragments"), parts,
			}
		})
	}
}

// textCases are Autobahn's section 6. Texts that are sound come back as they were sent;
// what is none closes with 1007, as soon as that can be known.
func textCases(add addCase, asks addAsked) {
	add("6.1.1", sends(wsText("")), answered, parts)
	add("6.1.2", sends(wsFirst(""), wsMore(""), wsLast("")), answered, parts)
	asks("6.1.3", func(e *wsEndpoint) []wsStep {
		return []wsStep{sends(wsFirst(""), wsMore(e.ask("middle")), wsLast("")), comesBack("middle"), parts}
	})
	const sound = "Hello-µ@ßöäüàá-UTF-8!! κόσμε"
	asks("6.2.1", func(e *wsEndpoint) []wsStep { return []wsStep{sends(wsText(e.ask(sound))), comesBack(sound), parts} })
	for id, size := range map[string]int{"6.2.2": 20, "6.2.3": 1, "6.2.4": 3} {
		asks(id, func(e *wsEndpoint) []wsStep {
			return []wsStep{sends(fragments(e.ask(sound), size)...), comesBack(sound), parts}
		})
	}
	const broken = "κόσμε\xed\xa0\x80edited"
	add("6.3.1", sends(wsText(broken)), closes(1007))
	add("6.3.2", sends(fragments(broken, 1)...), closes(1007))
	// Each goes on for ever: only a server that looks at what has come can answer.
	add("6.4.1", sends(wsFirst("κόσμε"), wsMore("\xf4\x90\x80\x80")), closes(1007))
	add("6.4.2", sends(wsFirst("κόσμε\xf4"), wsMore("\x90")), closes(1007))
	whole := wsText("κόσμε\xf4\x90\x80\x80edited")
	add("6.4.3", sends(whole[:len(whole)-len("edited")]), closes(1007))
	add("6.4.4", sends(whole[:len(whole)-len("\x80\x80edited")]), closes(1007))

	for section, sequences := range [][]string{
		5:  {"κόσμε", "κ", "κό\xcf", "κόσμ\xce", "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5"},
		6:  {"\xce", "\xce\xba", "\xce\xba\xe1", "\xce\xba\xe1\xbd", "\xce\xba\xe1\xbd\xb9", "\xce\xba\xe1\xbd\xb9\xcf"},
		7:  {"\x00", "\u0080", "\u0800", "\U00010000"},
		8:  {"\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80"},
		9:  {"\x7f", "\u07ff", "\uffff", "\U0010ffff"},
		10: {"\xf7\xbf\xbf\xbf", "\xfb\xbf\xbf\xbf\xbf", "\xfd\xbf\xbf\xbf\xbf\xbf"},
		11: {"\ud7ff", "\ue000", "\ufffd", "\U0010ffff", "\xf4\x90\x80\x80"},
		12: {"\x80", "\xbf", "\x80\xbf", "\x80\xbf\x80", "\x80\xbf\x80\xbf", "\x80\xbf\x80\xbf\x80", "\x80\xbf\x80\xbf\x80\xbf", continuations()},
		13: {each(0xc0, 0xdf), each(0xe0, 0xef), each(0xf0, 0xf7), each(0xf8, 0xfb), each(0xfc, 0xfd)},
		14: {"\xc0", "\xe0\x80", "\xf0\x80\x80", "\xf8\x80\x80\x80", "\xfc\x80\x80\x80\x80", "\xdf", "\xef\xbf", "\xf7\xbf\xbf", "\xfb\xbf\xbf\xbf", "\xfd\xbf\xbf\xbf\xbf"},
		15: {"\xc0\xe0\x80\xf0\x80\x80\xf8\x80\x80\x80\xfc\x80\x80\x80\x80\xdf\xef\xbf\xf7\xbf\xbf\xfb\xbf\xbf\xbf\xfd\xbf\xbf\xbf\xbf"},
		16: {"\xfe", "\xff", "\xfe\xfe\xff\xff"},
		17: {"\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xf8\x80\x80\x80\xaf", "\xfc\x80\x80\x80\x80\xaf"},
		18: {"\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xf8\x87\xbf\xbf\xbf", "\xfc\x83\xbf\xbf\xbf\xbf"},
		19: {"\xc0\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80", "\xf8\x80\x80\x80\x80", "\xfc\x80\x80\x80\x80\x80"},
		20: {"\xed\xa0\x80", "\xed\xad\xbf", "\xed\xae\x80", "\xed\xaf\xbf", "\xed\xb0\x80", "\xed\xbe\x80", "\xed\xbf\xbf"},
		21: {"\xed\xa0\x80\xed\xb0\x80", "\xed\xa0\x80\xed\xbf\xbf", "\xed\xad\xbf\xed\xb0\x80", "\xed\xad\xbf\xed\xbf\xbf", "\xed\xae\x80\xed\xb0\x80", "\xed\xae\x80\xed\xbf\xbf", "\xed\xaf\xbf\xed\xb0\x80", "\xed\xaf\xbf\xed\xbf\xbf"},
		22: noncharacters(),
		23: {"\ufff9", "\ufffa", "\ufffb", "\ufffc", "\ufffd", "\ufffe", "\uffff"},
	} {
		for i, text := range sequences {
			id := fmt.Sprintf("6.%d.%d", section, i+1)
			if !utf8.ValidString(text) {
				add(id, sends(wsText(text)), closes(1007))
				asks(id+" in a message", func(e *wsEndpoint) []wsStep {
					return []wsStep{sends(wsText(strings.Replace(e.ask("HERE"), "HERE", text, 1))), closes(1007)}
				})
				continue
			}
			asks(id, func(e *wsEndpoint) []wsStep { return []wsStep{sends(wsText(e.ask(text))), comesBack(text), parts} })
		}
	}
}

// continuations are all continuation bytes, each alone.
func continuations() string { return each(0x80, 0xbf) }

// each is every byte of a range with a space after it.
func each(from, to byte) string {
	var all []byte
	for b := int(from); b <= int(to); b++ {
		all = append(all, byte(b), ' ')
	}
	return string(all)
}

// noncharacters are the last two code points of every plane, which are sound text.
func noncharacters() (all []string) {
	for plane := range rune(17) {
		all = append(all, string(plane<<16|0xfffe), string(plane<<16|0xffff))
	}
	return all
}

// closeCases are Autobahn's section 7.
func closeCases(add addCase, asks addAsked) {
	asks("7.1.1", func(e *wsEndpoint) []wsStep {
		return []wsStep{sends(wsText(e.ask("first"))), comesBack("first"), parts}
	})
	add("7.1.2", sends(closeWith(1000, ""), closeWith(1000, "")), closes(1000))
	add("7.1.3", sends(closeWith(1000, ""), wsPing("after")), closes(1000))
	asks("7.1.4", func(e *wsEndpoint) []wsStep {
		return []wsStep{sends(closeWith(1000, ""), wsText(e.ask("after"))), closes(1000)}
	})
	add("7.1.5", sends(wsFirst("a"), closeWith(1000, ""), wsLast("b")), closes(1000))
	asks("7.1.6", func(e *wsEndpoint) []wsStep {
		long := e.ask("long") + strings.Repeat(" ", 60_000)
		return []wsStep{sends(wsText(long), closeWith(1000, ""), wsPing("after")), comesBack("long"), closes(1000)}
	})
	add("7.3.1", sends(wsCloseFrame("")), closes(0))
	add("7.3.2", sends(wsCloseFrame("\x03")), closes(1002))
	add("7.3.3", sends(closeWith(1000, "")), closes(1000))
	add("7.3.4", sends(closeWith(1000, "Hello World!")), closes(1000))
	add("7.3.5", sends(closeWith(1000, strings.Repeat("*", 123))), closes(1000))
	add("7.3.6", sends(closeWith(1000, strings.Repeat("*", 124))), closes(1002))
	add("7.5.1", sends(closeWith(1000, "κόσμε\xed\xa0\x80edited")), closesEither(1002, 1007))
	for i, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999} {
		add(fmt.Sprintf("7.7.%d", i+1), sends(closeWith(code, "")), closes(code))
	}
	for i, code := range []int{0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999} {
		add(fmt.Sprintf("7.9.%d", i+1), sends(closeWith(code, "")), closes(1002))
	}
	add("7.13.1", sends(closeWith(5000, "")), closes(1002))
	add("7.13.2", sends(closeWith(65_535, "")), closes(1002))
}

// closesEither is closes where RFC 6455 leaves the code to the server.
func closesEither(codes ...int) wsStep {
	return func(c *wsPeer, _ *wsEndpoint) {
		c.t.Helper()
		payload := c.next(ws.OpClose)
		for _, code := range codes {
			if strings.HasPrefix(payload, string([]byte{byte(code >> 8), byte(code)})) {
				return
			}
		}
		c.t.Fatalf("closed with % x, want one of %v", payload, codes)
	}
}
