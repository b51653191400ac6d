"""The analysis says of generated projects what real pytest says of them."""

from hypothesis import given, settings

from tests.conformance.bench import Bench
from tests.conformance.generated.projects import Project, projects
from tests.conformance.generated.trial import SLOW, contradictions


@settings(SLOW, max_examples=22, derandomize=True)
@given(project=projects())
def test_generated_projects_are_judged_and_repaired_as_pytest_has_it(
    project: Project, bench: Bench
) -> None:
    found = list(contradictions(project, project.case.contents(), bench.judge))

    assert found == []
