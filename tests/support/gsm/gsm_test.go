package gsm

import "testing"

func TestSeptets(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "é": 1, "€": 2, "a~b": 4, "í": -1, "“": -1} {
		n, ok := Septets(text)
		if !ok {
			n = -1
		}
		if n != want {
			t.Errorf("%q: %d, want %d", text, n, want)
		}
	}
}
