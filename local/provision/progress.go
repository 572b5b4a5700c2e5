package main

import (
	"fmt"
	"io"
	"time"
)

// progress says how far a run is, once a second.
type progress struct {
	all, done, refused int
	begun, said        time.Time
	out                io.Writer
}

// count counts one that was sent.
func (p *progress) count(refused int) {
	p.done++
	p.refused = refused
	if now := time.Now(); now.Sub(p.said) >= time.Second {
		p.said = now
		p.say(now)
	}
}

func (p *progress) say(now time.Time) {
	spent := now.Sub(p.begun)
	left := time.Duration(float64(spent) / float64(p.done) * float64(p.all-p.done))
	fmt.Fprintf(p.out, "%d of %d, %d refused, %.0f a second, %s left\n",
		p.done, p.all, p.refused, float64(p.done)/spent.Seconds(), left.Round(time.Second))
}

func (p *progress) end() {
	fmt.Fprintf(p.out, "%d of %d in %s, %d refused\n", p.done, p.all, time.Since(p.begun).Round(time.Second), p.refused)
}
