"""A colon inside a plain scalar of a flow collection is YAML, whatever the C parser is."""

from kubeqed.parse import parse
from kubeqed.sources import SourceFile


def test_an_image_with_a_tag_in_flow_style_reads_with_its_places() -> None:
    text = "spec: {containers: [{name: c, image: registry.example/x:1, ports: [{containerPort: 80}]}]}\n"
    (placed,) = parse(SourceFile("pod.yaml", text.encode())).documents
    assert not placed.document.problems
    assert placed.document.root == {
        "spec": {"containers": [{"name": "c", "image": "registry.example/x:1", "ports": [{"containerPort": 80}]}]}
    }
    span = placed.at("spec.containers[0].image").span
    assert text[span.column - 1 : span.end_column - 1] == "registry.example/x:1"
