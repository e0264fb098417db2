// The answers of the cases: `go mod tidy`, then `go run . ../0*`.
module record

go 1.26.0

require (
	github.com/fluxcd/pkg/kustomize v1.41.0
	github.com/fluxcd/pkg/ssa v0.78.0
	k8s.io/api v0.37.0
	k8s.io/apimachinery v0.37.0
	sigs.k8s.io/controller-runtime v0.25.0
)

replace (
	sigs.k8s.io/kustomize/api => sigs.k8s.io/kustomize/api v0.21.1
	sigs.k8s.io/kustomize/kyaml => sigs.k8s.io/kustomize/kyaml v0.21.1
)
