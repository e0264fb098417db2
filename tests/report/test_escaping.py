"""Whatever a manifest holds, it cannot leave the place that a format gives it."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from tests.report.sample import BACKEND, OPTIONS, REPORT

from kubeqed.diagnostic import Evidence, EvidenceFact, EvidenceUnknown, Notice, NoticeKind, Related
from kubeqed.report import CheckResult, renderer, summary_text

NASTY = st.text(
    st.one_of(st.sampled_from("|<>&\"'\\`[]()*_\n\r\t:;,%#@=\x00\x1b\x85\u2028\u202e\ud800"), st.characters())
)
LINE = re.compile(r"shop/ingress\.yaml:15:27: (error|warning|notice): .*? \[backend-port-missing\]")


def saying(text: str) -> CheckResult:
    evidence = Evidence(text, (EvidenceFact(text, None),), (EvidenceUnknown(text, text, None),), ((text, text),))
    related = (Related(BACKEND.span, text),)
    finding = BACKEND._replace(message=text, suggestion=text, fingerprint=text, related=related, evidence=evidence)
    notice = Notice(NoticeKind.INTERNAL_ERROR, None, text, text)
    return REPORT._replace(findings=(finding,), notices=(notice,), caveats=(text,))


def rendered(name: str, text: str) -> str:
    output = renderer(name)(saying(text), OPTIONS)
    output.encode("utf-8")
    return output


@given(NASTY)
def test_concise_is_one_line_that_matches(text: str) -> None:
    output = rendered("concise", text)
    assert output.endswith("\n")
    assert len(output.splitlines()) == 1
    assert LINE.fullmatch(output[:-1])


@given(NASTY)
def test_text_sends_no_control_character(text: str) -> None:
    output = rendered("text", text) + summary_text(saying(text), OPTIONS)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", output)
    assert len(rendered("text", text).split("\n")) == (12 if text else 11)


@given(NASTY)
def test_json_gives_the_text_back(text: str) -> None:
    assert json.loads(rendered("json", text))["findings"][0]["message"] == text


@given(NASTY)
def test_sarif_parses(text: str) -> None:
    (run,) = json.loads(rendered("sarif", text))["runs"]
    (found,) = run["results"]
    assert found["properties"].get("suggestion", "") == text


def test_sarif_takes_no_text_for_a_link() -> None:
    (run,) = json.loads(rendered("sarif", "see [it](9)"))["runs"]
    (found,) = run["results"]
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"] == r"see [it\](9)."
    assert found["relatedLocations"][0]["message"]["text"] == r"see [it\](9)."
    assert found["message"]["text"] == r"see [it\](9). Help: see [it\](9). See: [see \[it\](9)](1)."


@given(NASTY)
def test_gitlab_parses(text: str) -> None:
    (entry,) = json.loads(rendered("gitlab", text))
    assert entry["description"] == text


@given(NASTY)
def test_junit_parses(text: str) -> None:
    root = ET.fromstring(rendered("junit", text))
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("2", "1", "1")


@given(NASTY)
def test_github_gives_one_command_a_line(text: str) -> None:
    output = rendered("github", text)
    assert output.count("\n") == 2
    assert "\r" not in output
    assert all(line.startswith("::error ") for line in output[:-1].split("\n"))


def test_github_properties() -> None:
    span = BACKEND.span._replace(file="a,b:c%d.yaml")
    report = REPORT._replace(findings=(BACKEND._replace(span=span, message="50% of\r\nit: x, y"),), notices=())
    command = renderer("github")(report, OPTIONS._replace(repository_root=None))
    assert command.startswith("::error file=a%2Cb%3Ac%25d.yaml,line=15,endLine=15,col=27,endColumn=31,title=")
    assert "::50%25 of%0D%0Ait: x, y%0A" in command


@given(NASTY)
def test_markdown_keeps_its_table(text: str) -> None:
    rows = [line for line in rendered("markdown", text).split("\n") if line.startswith("| 🔴")]
    assert len(rows) == 1
    bare = re.sub(r"\\[\\`*_\[\]<>#|~&@:.]", "", rows[0])
    assert bare.count("|") == 3
    assert bare.count("<") == len(re.findall("<br>|</?sub>", bare))
    assert not re.search(r"[`*_~&@]|https?://(?!github\.com/kubeqed)", bare)


def test_markdown_makes_no_link_and_no_mention() -> None:
    row = rendered("markdown", "see https://x.example www.x.example @all [a](b) <img>").split("\n")[6]
    assert r"https\://x.example www\.x.example \@all \[a\](b) \<img\>" in row
