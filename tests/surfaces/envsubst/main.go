// Fills variables into objects as kustomize-controller does (varSubstitution of github.com/fluxcd/pkg/kustomize): a JSON
// object becomes YAML, the text is substituted and read again. One question a line, one answer a line.
package main

import (
	"encoding/json"
	"os"

	"github.com/fluxcd/pkg/envsubst"
	"sigs.k8s.io/yaml"
)

type question struct {
	Object    json.RawMessage   `json:"object"`
	Variables map[string]string `json:"variables"`
}

func substitute(q question) (json.RawMessage, error) {
	text, err := yaml.JSONToYAML(q.Object)
	if err != nil {
		return nil, err
	}
	filled, err := envsubst.Eval(string(text), func(name string) (string, bool) { return q.Variables[name], true })
	if err != nil {
		return nil, err
	}
	return yaml.YAMLToJSON([]byte(filled))
}

func main() {
	questions, answers := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	answers.SetEscapeHTML(false)
	for {
		var q question
		if questions.Decode(&q) != nil {
			return
		}
		object, err := substitute(q)
		answer := map[string]interface{}{"object": object}
		if err != nil {
			answer = map[string]interface{}{"refused": err.Error()}
		}
		_ = answers.Encode(answer)
	}
}
