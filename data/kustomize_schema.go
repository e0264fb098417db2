// Prints the schema of Kubernetes that kustomize merges with, for generate_kustomize.py.
package main

import (
	"encoding/json"
	"os"

	"sigs.k8s.io/kustomize/kyaml/openapi"
)

func main() {
	openapi.ResetOpenAPI()
	if err := json.NewEncoder(os.Stdout).Encode(openapi.Schema()); err != nil {
		panic(err)
	}
}
