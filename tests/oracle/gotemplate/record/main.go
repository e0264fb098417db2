// Executes templates of text/template: a JSON line of {template, values, files, missing} each, answered by a JSON line.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/template"
)

type asked struct {
	Template string            `json:"template"`
	Files    map[string]string `json:"files"`
	Values   any               `json:"values"`
	Missing  string            `json:"missing"`
}

type answered struct {
	Output string `json:"output"`
	Error  string `json:"error,omitempty"`
	Parse  bool   `json:"parse,omitempty"`
}

func execute(one asked) (answer answered) {
	defer func() {
		if problem := recover(); problem != nil {
			answer.Error = fmt.Sprint("panic: ", problem)
		}
	}()
	if one.Missing == "" {
		one.Missing = "default"
	}
	functions := template.FuncMap{
		"list":    func(values ...any) []any { return values },
		"int64":   func(value int) int64 { return int64(value) },
		"upper":   strings.ToUpper,
		"fail":    func(message string) (string, error) { return "", fmt.Errorf("%s", message) },
		"nothing": func() any { return nil },
		"dict": func(values ...any) map[string]any {
			made := map[string]any{}
			for i := 0; i+1 < len(values); i += 2 {
				made[fmt.Sprint(values[i])] = values[i+1]
			}
			return made
		},
	}
	set := template.New("chart/templates/x.yaml").Funcs(functions).Option("missingkey=" + one.Missing)
	for name, text := range one.Files {
		if _, err := set.New(name).Parse(text); err != nil {
			return answered{Error: err.Error(), Parse: true}
		}
	}
	made, err := set.Parse(one.Template)
	if err != nil {
		return answered{Error: err.Error(), Parse: true}
	}
	var output strings.Builder
	if err := made.Execute(&output, one.Values); err != nil {
		answer.Error = err.Error()
	}
	answer.Output = output.String()
	return answer
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	for lines.Scan() {
		var one asked
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			panic(err)
		}
		if err := encoder.Encode(execute(one)); err != nil {
			panic(err)
		}
	}
}
