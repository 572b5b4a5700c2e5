package chat

import (
	"maps"
	"slices"
)

// Arrival is a program that was moved to a department from another one, which may still
// own enrollments in it (T10). Until upkeep has handed them over, both departments list
// them and have rights on them.
type Arrival struct{ ProgramID, From string }

// awaits reports whether what an owner has in a program is to move to the department.
func (d Department) awaits(program string, o Owner) bool {
	return o.Kind == OwnedByDepartment && slices.Contains(d.Arriving, Arrival{program, o.ID})
}

// AwaitIn returns the next version of each department whose arrivals change with the program:
// only the program's own department awaits what its former ones still own. While it awaits
// anything, all of these are among them, so that of two PUTs, or of a PUT and the end of the
// move, only one wins (T4).
func (p Program) AwaitIn(all map[string]Department) []Department {
	var changed []Department
	for _, id := range slices.Sorted(maps.Keys(all)) {
		d := all[id]
		arriving := slices.DeleteFunc(slices.Clone(d.Arriving), func(a Arrival) bool { return a.ProgramID == p.ID })
		if id == p.DepartmentID {
			for _, from := range p.MovedFrom {
				arriving = append(arriving, Arrival{p.ID, from})
			}
		}
		moving := len(p.MovedFrom) > 0 && (id == p.DepartmentID || slices.Contains(p.MovedFrom, id))
		if moving || !slices.Equal(arriving, d.Arriving) {
			d.Arriving = arriving
			d.Version++
			changed = append(changed, d)
		}
	}
	return changed
}
