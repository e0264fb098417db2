// Renders templates as Helm does: a JSON line of {template, values} each, answered by a JSON line of {output} or {error}.
package main

import (
	"bufio"
	"encoding/json"
	"os"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
)

type line struct {
	Template string                 `json:"template"`
	Values   map[string]interface{} `json:"values"`
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<26)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for in.Scan() {
		var one line
		if err := json.Unmarshal(in.Bytes(), &one); err != nil {
			panic(err)
		}
		c := &chart.Chart{
			Metadata:  &chart.Metadata{Name: "c", Version: "0.1.0", APIVersion: "v2"},
			Templates: []*chart.File{{Name: "templates/a.yaml", Data: []byte(one.Template)}},
			Values:    one.Values,
		}
		options := chartutil.ReleaseOptions{Name: "rel", Namespace: "ns", Revision: 1, IsInstall: true}
		values, err := chartutil.ToRenderValues(c, map[string]interface{}{}, options, chartutil.DefaultCapabilities)
		var rendered map[string]string
		if err == nil {
			rendered, err = engine.Render(c, values)
		}
		if err != nil {
			out.Encode(map[string]string{"error": err.Error()})
		} else {
			out.Encode(map[string]string{"output": rendered["c/templates/a.yaml"]})
		}
	}
}
