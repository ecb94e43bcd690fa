package ui

import "golang.design/x/hotkey"

var hotkeyModifiers = []hotkey.Modifier{hotkey.ModCtrl, hotkey.ModOption}
