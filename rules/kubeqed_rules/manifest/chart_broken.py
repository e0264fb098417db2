"""A Helm chart does not render.

`helm install` and `helm template` stop with an error, so that nothing of the
chart reaches a cluster: a template does not parse, a helper that it includes is
not there, what it prints is no YAML, Chart.yaml lacks a field. The message has
the words of Helm, v3.22. kubeqed renders the other templates and judges them.

What fails at the default values alone is only a possible mistake, because who
installs the chart may give others: a field of a value that is not set, a number
that is compared with a text, a value that its schema refuses. What the chart
itself refuses with `required` or `fail` at its defaults is no finding: that part
is not judged, and the summary says so. With one switch changed, such as
`ingress.enabled`, what is refused is a possible finding, which names the value.
A dependency that is not in `charts/` is not judged either; `helm dependency
build` fetches it. What fails at values that something states is an error.
"""

from kubeqed.rule import Certainty, Meta

META = Meta(
    summary="chart does not render",
    certainty=Certainty.PROVED,
    since="0.1",
    references=("https://helm.sh/docs/chart_template_guide/", "https://helm.sh/docs/topics/charts/"),
)

VALID = [
    "apiVersion: v2\nname: shop\nversion: 0.1.0\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop}\n",
    "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n",
]
INVALID = ["apiVersion: v2  # expect: chart-broken\nname: shop\n"]
