"""Charts for tests: of a directory on the disk, or of files written here."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from kubeqed.build.built import Built
from kubeqed.build.files import TreeFiles
from kubeqed.build.helm.build import ChartRequest, build_chart
from kubeqed.build.helm.value_set import SetText, ValueSet, ValueSetOrigin
from kubeqed.build.helm.values import read_values
from kubeqed.parse import Place, pack
from kubeqed.sources import tree_around

CHART = "apiVersion: v2\nname: shop\nversion: 0.1.0\n"
NOWHERE = Place("nowhere", 0, pack(0, 0, 1))


def render(directory: Path, values: Iterable[Path] = (), pairs: Iterable[str] = ()) -> Built:
    given = tuple(read_values(path.read_text(), str(path), "values") for path in values)
    stated = tuple(SetText(text, NOWHERE) for text in pairs)
    at = ValueSet("tried", ValueSetOrigin.STATED, given, stated, "rel", "ns")
    request = ChartRequest(str(directory.resolve()), at)
    with tree_around(str(directory.parent)) as tree:
        return build_chart(request, TreeFiles(tree, str), NOWHERE)


def render_files(root: Path, files: Mapping[str, str | bytes], pairs: Iterable[str] = ()) -> Built:
    for name, text in {"Chart.yaml": CHART, **files}.items():
        path = root / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return render(root / "shop", pairs=pairs)


def pack_chart(files: Mapping[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, text in files.items():
            content = text if isinstance(text, bytes) else text.encode()
            member = tarfile.TarInfo(f"sub/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()
