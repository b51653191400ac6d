"""Steps of CI services and of Taskfiles."""

import pytest

from bot.analysis.pytest_runs.invocations.workflows import from_workflows, is_workflow
from bot.analysis.pytest_runs.shell_words import HIDDEN
from tests.analysis.pytest_runs.invocations.readers import invocations, read

CI = ".github/workflows/ci.yml"


def steps(*lines: str, job: str = "") -> dict[str, str]:
    body = "\n".join(f"      {line}" for line in lines)
    return {CI: f"jobs:\n  test:\n{job}    steps:\n{body}\n"}


def test_each_step_is_a_shell_of_its_own() -> None:
    found = read(from_workflows, steps("- run: cd sub && pytest a", "- run: pytest b"))

    assert found == [("sub", "a"), ("", "b")]


def test_a_step_s_folder_wins_over_the_job_s_and_that_over_the_file_s() -> None:
    text = """
defaults: {run: {working-directory: sub}}
jobs:
  one:
    defaults:
      run:
        working-directory: sub/deep
    steps:
      - run: pytest a
      - run: pytest b
        working-directory: ./tests
  two:
    steps:
      - run: pytest c
"""
    expected = [("sub/deep", "a"), ("tests", "b"), ("sub", "c")]

    assert read(from_workflows, {CI: text}) == expected


def test_variables_of_file_job_and_step_are_known() -> None:
    text = """
env: {PYTEST_ADDOPTS: -x, A: a}
jobs:
  one:
    env:
      B: b-${{ env.A }}
    steps:
      - run: pytest $A $B $C ${{ env.B }}
        env: {C: c, PYTEST_ADDOPTS: -v}
      - run: pytest ${{ env.C }}
"""
    first, second = invocations(from_workflows, {CI: text})

    assert (first.words, first.variable("PYTEST_ADDOPTS")) == (("a", "b-a", "c", "b-a"), "-v")
    assert (second.words, second.variable("PYTEST_ADDOPTS")) == ((HIDDEN,), "-x")


def test_a_matrix_makes_several_runs() -> None:
    job = (
        "    strategy:\n      matrix:\n        dir: [sub, tests]\n        mode: [auto]\n"
        "        include:\n          - {dir: sub/deep, mode: strict}\n          - odd\n"
        "        exclude: [{dir: sub}]\n"
    )
    step = (
        "- run: pytest --asyncio-mode=${{ matrix.mode }}",
        "  working-directory: ${{ matrix.dir }}",
    )

    assert read(from_workflows, steps(*step, job=job)) == [
        ("sub", "--asyncio-mode=auto"),
        ("tests", "--asyncio-mode=auto"),
        ("sub/deep", "--asyncio-mode=strict"),
    ]


def test_a_matrix_that_is_computed_hides_its_values() -> None:
    job = "    strategy:\n      matrix: ${{ fromJSON(x) }}\n"
    found = invocations(
        from_workflows,
        steps("- run: pytest", "  working-directory: sub/${{ matrix.dir }}", job=job),
    )

    assert [(one.cwd, one.placed) for one in found] == [(f"sub/{HIDDEN}", False)]


def test_the_checkout_is_the_repository() -> None:
    found = read(from_workflows, steps("- run: cd ${{ github.workspace }}/sub && pytest"))

    assert found == [("sub", "")]


def test_lines_are_those_of_the_file() -> None:
    files = steps("- name: pytest", "  run: |", "    x", "    pytest a", "- run: pytest b")

    assert [one.origin for one in invocations(from_workflows, files)] == [f"{CI}:7", f"{CI}:8"]


def test_an_action_s_inputs_may_be_commands() -> None:
    files = steps("- uses: x/xvfb@v1", "  with:", "    run: pytest a", "    other: pytest b")

    assert read(from_workflows, files) == [("", "a")]


GITLAB = """
.base: &base
  before_script:
    - cd sub
  variables: {A: a}
test:
  <<: *base
  script:
    - pytest $A
    - cd deep
    - pytest b
"""
CIRCLE = """
jobs:
  test:
    working_directory: sub
    environment: {PYTEST_ADDOPTS: -x}
    steps:
      - checkout
      - run: pytest a
      - run:
          name: pytest
          command: pytest b
"""
AZURE = """
variables:
  mode: auto
steps:
- script: pytest --asyncio-mode=$(mode) $(unknown)
  workingDirectory: $(Build.SourcesDirectory)/sub
- bash: pytest b
"""
TASKFILE = """
vars: {O: -x, C: {sh: nproc}}
tasks:
  test:
    dir: deep
    cmds:
      - cd .. && pytest a {{.CLI_ARGS}} {{.O}}
      - cmd: pytest b {{.C}}
      - task: other
"""


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (".gitlab-ci.yml", GITLAB, [("sub", "a"), ("sub/deep", "b")]),
        (".circleci/config.yml", CIRCLE, [("sub", "a"), ("sub", "b")]),
        ("azure-pipelines.yml", AZURE, [("sub", f"--asyncio-mode=auto {HIDDEN}"), ("", "b")]),
        ("sub/Taskfile.yml", TASKFILE, [("sub", "a -x"), ("sub/deep", f"b {HIDDEN}")]),
        (".travis.yml", "script: pytest a\ninstall: pip install pytest\n", [("", "a")]),
        ("docs/x.yml", "script: pytest a\n", []),
        (CI, "run: nothing\n", []),
    ],
)
def test_other_services_are_read(path: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert read(from_workflows, {path: text}) == expected


def test_a_file_that_repeats_itself_without_end_is_left_at_some_point() -> None:
    lines = ["a0: &a0 {run: pytest}"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]

    found = invocations(from_workflows, {CI: "\n".join(lines)})

    assert 0 < len(found) < 20_000


@pytest.mark.parametrize(
    "path",
    [
        CI,
        ".github/actions/test/action.yml",
        ".gitlab-ci.yml",
        ".gitlab/ci/test.yml",
        ".travis.yml",
        ".circleci/config.yml",
        "azure-pipelines.yml",
        ".azure/x.yaml",
        "appveyor.yml",
        ".cirrus.yml",
        "bitbucket-pipelines.yml",
        "Taskfile.yml",
        "sub/taskfile.dist.yaml",
        ".drone.yml",
    ],
)
def test_workflow_files_are_known_by_path(path: str) -> None:
    assert is_workflow(path)


@pytest.mark.parametrize("path", ["mkdocs.yml", ".github/dependabot.yml", "ci.py", "a/travis.py"])
def test_other_files_are_no_workflows(path: str) -> None:
    assert not is_workflow(path)
