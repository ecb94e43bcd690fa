package engine

import (
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"cuewire/app"
)

func (t *tx) grantToken(c app.GrantToken) error {
	token, now := c.Token, t.now.Time()
	t.tokens = slices.Clone(t.tokens)
	t.tokens = slices.DeleteFunc(t.tokens, func(old *app.Token) bool {
		gone := !now.Before(old.ExpiresAt)
		if gone {
			t.write(app.DropToken{ID: old.ID})
		}
		return gone
	})
	id, err := hex.DecodeString(token.ID)
	_, role := app.ParseRole(string(token.Role))
	switch {
	case len(t.tokens) >= app.MaxTokens:
		return app.NewError(app.CodeConflict, "error.tooManyTokens", "There are as many access tokens as Cuewire can hold. Revoke one first.", nil)
	case err != nil || len(id) != 32 || slices.ContainsFunc(t.tokens, func(old *app.Token) bool { return old.ID == token.ID }):
		return invalid("id", "error.fieldText", "{field} is not valid text.")
	case utf8.RuneCountInString(token.Subject) > app.MaxTokenSubject:
		return invalid("sub", "error.fieldTooLong", "{field} is too long.")
	case !role:
		return oneOf(app.Viewer, app.Agenda, app.Moderator, app.Operator, app.Controller, app.Admin)("role", token.Role)
	case !now.Before(token.ExpiresAt) || token.ExpiresAt.Sub(now) > app.MaxTokenLife:
		return app.NewError(app.CodeInvalid, "error.tokenLife", "A token lives for ten years at most, and for more than no time at all.", nil)
	}
	if err := checkName("sub", token.Subject); err != nil {
		return err
	}
	if err := checkLine("name", token.Name); err != nil {
		return err
	}
	t.tokens = append(t.tokens, &token)
	t.write(app.PutToken{Token: &token})
	t.id = token.ID
	return nil
}

func (t *tx) revokeToken(c app.RevokeToken) error {
	i, err := t.token(c.ID)
	if err != nil {
		return err
	}
	t.tokens = slices.Delete(slices.Clone(t.tokens), i, i+1)
	t.write(app.DropToken{ID: t.id})
	return nil
}

func (t *tx) renameToken(c app.RenameToken) error {
	i, err := t.token(c.ID)
	if err != nil {
		return err
	}
	if err := checkLine("name", c.Name); err != nil {
		return err
	}
	renamed := *t.tokens[i]
	if renamed.Name == c.Name {
		return nil
	}
	renamed.Name = c.Name
	t.tokens = slices.Clone(t.tokens)
	t.tokens[i] = &renamed
	t.write(app.PutToken{Token: &renamed})
	return nil
}

// token returns the place of the one token whose id begins with that.
func (t *tx) token(id string) (int, error) {
	found := -1
	for i, token := range t.tokens {
		switch {
		case id == "" || !strings.HasPrefix(token.ID, id):
		case found >= 0:
			return -1, app.NewError(app.CodeConflict, "error.tokenAmbiguous", "Several access tokens begin with that; write more of the id.", nil)
		default:
			found = i
		}
	}
	if found < 0 {
		return -1, app.NewError(app.CodeNotFound, "error.tokenNotFound", "There is no access token with this id.", nil)
	}
	t.id = t.tokens[found].ID
	return found, nil
}
