package deploy

// OnlyTable returns the template of a stack of the table alone, with the parameters and conditions that it may name. A stack
// that takes over a restored table begins with it: CloudFormation imports a resource only into a template that is whole, and only
// resources that exist.
func OnlyTable(sections map[string]any) map[string]any {
	only := map[string]any{"Resources": map[string]any{"Table": object(sections["Resources"])["Table"]}}
	for _, name := range []string{"AWSTemplateFormatVersion", "Conditions", "Parameters"} {
		only[name] = sections[name]
	}
	written(only)
	return only
}
