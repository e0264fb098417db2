// What kustomize-controller applies for a Flux Kustomization: `go run . CASE...` writes expected.yaml or refused.txt into
// each case. A case holds the repository, the Kustomization in flux.yaml, and in cluster.yaml what the cluster has.
package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	kz "github.com/fluxcd/pkg/kustomize"
	"github.com/fluxcd/pkg/ssa"
	"github.com/fluxcd/pkg/ssa/utils"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
)

func read(path string) []*unstructured.Unstructured {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	objects, err := utils.ReadObjects(bytes.NewReader(data))
	if err != nil {
		panic(err)
	}
	return objects
}

// After KustomizationReconciler.build and .apply of kustomize-controller.
func apply(root string, flux *unstructured.Unstructured, cluster client.Client) ([]byte, error) {
	path, _, _ := unstructured.NestedString(flux.Object, "spec", "path")
	dir := filepath.Join(root, path)
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("kustomization path not found: %w", err)
	}
	if _, err := kz.NewGenerator(root, *flux).WriteFile(dir); err != nil {
		return nil, err
	}
	built, err := kz.SecureBuild(root, dir, true)
	if err != nil {
		return nil, fmt.Errorf("kustomize build failed: %w", err)
	}
	_, asked, _ := unstructured.NestedMap(flux.Object, "spec", "postBuild")
	strategy, _, _ := unstructured.NestedString(flux.Object, "spec", "postBuild", "substituteStrategy")
	for _, one := range built.Resources() {
		if one.GetName() == "" || one.GetKind() == "" || one.GetApiVersion() == "" {
			return nil, fmt.Errorf("failed to decode Kubernetes apiVersion, kind and name from: %v", one.String())
		}
		if asked {
			_, err := kz.SubstituteVariables(context.Background(), cluster, *flux, one,
				kz.SubstituteWithAlways(strategy == "Always"))
			if err != nil {
				return nil, fmt.Errorf("post build failed for '%s/%s': %w", one.GetGvk(), one.GetName(), err)
			}
		}
	}
	text, err := built.AsYaml()
	if err != nil {
		return nil, err
	}
	objects, err := utils.ReadObjects(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	manager := ssa.NewResourceManager(cluster, nil, ssa.Owner{Field: "kustomize-controller", Group: "kustomize.toolkit.fluxcd.io"})
	manager.SetOwnerLabels(objects, flux.GetName(), flux.GetNamespace())
	labels, _, _ := unstructured.NestedStringMap(flux.Object, "spec", "commonMetadata", "labels")
	annotations, _, _ := unstructured.NestedStringMap(flux.Object, "spec", "commonMetadata", "annotations")
	utils.SetCommonMetadata(objects, labels, annotations)
	written, err := utils.ObjectsToYAML(objects)
	return []byte(written), err
}

func main() {
	scheme := runtime.NewScheme()
	_ = corev1.AddToScheme(scheme)
	for _, dir := range os.Args[1:] {
		os.Remove(filepath.Join(dir, "expected.yaml"))
		os.Remove(filepath.Join(dir, "refused.txt"))
		root, err := os.MkdirTemp("", "case")
		if err != nil {
			panic(err)
		}
		if err := os.CopyFS(root, os.DirFS(dir)); err != nil {
			panic(err)
		}
		builder := fake.NewClientBuilder().WithScheme(scheme)
		for _, object := range read(filepath.Join(dir, "cluster.yaml")) {
			builder = builder.WithObjects(object)
		}
		text, err := apply(root, read(filepath.Join(dir, "flux.yaml"))[0], builder.Build())
		name := "expected.yaml"
		if err != nil {
			name, text = "refused.txt", []byte(strings.ReplaceAll(err.Error(), root+"/", "")+"\n")
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			panic(err)
		}
		os.RemoveAll(root)
	}
}
