"""Bertalign's and Vecalign's own programs, imported from a checkout, with only the embedder replaced."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import io
import logging
import os
import sys
import tempfile
import types
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from align.alignment import load_aligner, parse_beads
from align.config import AlignSettings
from align.embedding import Embedder, Passages, Vectors, embed_passages
from align.embedding.passages import PassageEmbedder
from align.errors import ConfigError
from align.records import Bead
from bench.bead_data import GoldDocument

AlignAll = Callable[[Sequence[GoldDocument]], list[list[Bead]]]
"""Documents -> the beads of each, from text, embedding included."""

# What each peer imports that is no dependency of ours: module -> the distribution that has it.
_NEEDS = {
    "Bertalign": {"faiss": "faiss-cpu", "numba": "numba", "scipy": "scipy"},
    "Vecalign": {"pyximport": "cython", "setuptools": "setuptools"},
}


class CountingEmbedder:
    """The embedder given, counting the strings that it has to compute: equal ones in one call count once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name, self.dim = embedder.name, embedder.dim
        self.count = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.count += len(set(texts))
        return self._embedder.embed(texts)

    def passages(self, texts: Sequence[str], longest: int) -> Passages:
        """What the embedder makes of passages; where it reads each text once, each counts once."""
        if isinstance(self._embedder, PassageEmbedder):
            self.count += len(texts)
            return self._embedder.passages(texts, longest)
        return embed_passages(_Strings(self), texts, longest)


class _Strings:
    """An embedder that knows strings only."""

    def __init__(self, embedder: CountingEmbedder) -> None:
        self.name, self.dim, self.embed = embedder.name, embedder.dim, embedder.embed


def ours(embedder: Embedder) -> AlignAll:
    """Our aligner with its default settings."""

    def align_all(documents: Sequence[GoldDocument]) -> list[list[Bead]]:
        aligner = load_aligner(AlignSettings(), embedder)
        return [aligner.align(d.source, d.target, d.source_lang, d.target_lang) for d in documents]

    return align_all


def bertalign(checkout: Path, embedder: Embedder, build: Path) -> AlignAll:
    """Bertalign (Liu and Zhu 2022) with its class's defaults, the segments given as they are.

    Left out are its splitter, and its guess of the languages, for which it asks a server and which nothing but its
    messages shows. What numba compiles is kept in `build`. Raises ConfigError where the checkout or a package is
    missing.
    """
    _check("Bertalign", checkout, "bertalign/aligner.py")
    _make_importable(checkout)
    os.environ["NUMBA_CACHE_DIR"] = str(build)
    encoder = types.SimpleNamespace(encode=embedder.embed)
    _stand_in("sentence_transformers", SentenceTransformer=lambda _name: encoder)
    _stand_in("googletrans", Translator=None)
    _stand_in("sentence_splitter", SentenceSplitter=None)
    module = importlib.import_module("bertalign.aligner")
    vars(module)["detect_lang"] = lambda _text: "en"

    def align(document: GoldDocument) -> list[Bead]:
        with contextlib.redirect_stdout(io.StringIO()):
            aligner = module.Bertalign("\n".join(document.source), "\n".join(document.target), is_split=True)
            aligner.align_sents()
        return [Bead(tuple(source), tuple(target)) for source, target in aligner.result]

    return _whole("Bertalign", lambda documents: [align(document) for document in documents])


def vecalign(checkout: Path, embedder: Embedder, build: Path, size: int, overlaps: int) -> AlignAll:
    """Vecalign (Thompson and Koehn 2019) as its README runs it: overlap file, vectors, then its command line.

    `size` is its --alignment_max_size, `overlaps` the -n of its overlap program; all else is its default. Its
    Cython part is compiled in `build`. Raises ConfigError where the checkout, a package or a compiler is missing.
    """
    _check("Vecalign", checkout, "vecalign/dp_core.pyx")
    _make_importable(checkout)
    # Python from 3.12 on has distutils, which pyximport asks for, from setuptools alone.
    importlib.import_module("setuptools")
    importlib.import_module("pyximport").install(
        build_dir=str(build), setup_args={"include_dirs": np.get_include()}, language_level=3
    )
    # Its printing function takes what is standard output at its import.
    output = io.StringIO()
    try:
        with contextlib.redirect_stderr(io.StringIO()) as complaints, contextlib.redirect_stdout(output):
            program = importlib.import_module("vecalign.vecalign")
    except ImportError as error:
        raise ConfigError(
            f"Vecalign's vecalign/dp_core.pyx cannot be compiled ({error}); it needs a C compiler and Python's "
            f"headers (Debian: apt-get install build-essential python3-dev)\n{complaints.getvalue()}"
        ) from None
    overlap = importlib.import_module("vecalign.overlap")
    # It expects LASER's 1,024 dimensions and warns of others.
    logging.getLogger("vecalign").addFilter(lambda record: "embedding size" not in record.getMessage())

    def embed_overlaps(texts: Sequence[Path], file: Path) -> list[str]:
        overlap.go(file, texts, overlaps)
        vectors = embedder.embed(file.read_text(encoding="utf-8").split("\n")[:-1])
        vectors.tofile(file.with_suffix(".emb"))
        return [str(file), str(file.with_suffix(".emb"))]

    def align_all(documents: Sequence[GoldDocument]) -> list[list[Bead]]:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            sources = [_write(root / f"{k}.source", d.source) for k, d in enumerate(documents)]
            targets = [_write(root / f"{k}.target", d.target) for k, d in enumerate(documents)]
            arguments = ["vecalign", "--alignment_max_size", str(size), "--src", *map(str, sources)]
            arguments += ["--tgt", *map(str, targets)]
            arguments += ["--src_embed", *embed_overlaps(sources, root / "source.overlaps")]
            arguments += ["--tgt_embed", *embed_overlaps(targets, root / "target.overlaps")]
            output.seek(0)
            output.truncate()
            with mock.patch.object(sys, "argv", arguments):
                program.main()
        return _by_document(parse_beads(output.getvalue().splitlines(), "Vecalign's output"), documents)

    return _whole("Vecalign", align_all)


def _write(path: Path, segments: Sequence[str]) -> Path:
    path.write_text("".join(f"{segment}\n" for segment in segments), encoding="utf-8")
    return path


def _by_document(beads: Sequence[Bead], documents: Sequence[GoldDocument]) -> list[list[Bead]]:
    """Cut the beads of several documents in a row: a document ends where all its segments have a bead."""
    found, rest = [], list(beads)
    for document in documents:
        source, target, end = len(document.source), len(document.target), 0
        while (source > 0 or target > 0) and end < len(rest):
            source, target = source - len(rest[end].source), target - len(rest[end].target)
            end += 1
        found.append(rest[:end])
        rest = rest[end:]
    return found


def _whole(name: str, align_all: AlignAll) -> AlignAll:
    """The aligner, with a check that it was given, and gave back, every segment in order."""

    def checked(documents: Sequence[GoldDocument]) -> list[list[Bead]]:
        found = align_all(documents)
        for number, (document, beads) in enumerate(zip(documents, found, strict=True), 1):
            for side, texts in (("source", document.source), ("target", document.target)):
                if [at for bead in beads for at in getattr(bead, side)] != list(range(len(texts))):
                    raise ConfigError(
                        f"{name}'s beads do not hold the {len(texts)} {side} segments of document {number} once "
                        "each and in order; its version may differ from the one that bench.peers was written for"
                    )
        return found

    return checked


def _check(name: str, checkout: Path, file: str) -> None:
    if not (checkout / file).is_file():
        raise ConfigError(f"{checkout} is no checkout of {name}: it has no {file}; name the folder that has it")
    missing = [package for module, package in _NEEDS[name].items() if importlib.util.find_spec(module) is None]
    if missing:
        raise ConfigError(
            f"{name} needs {' and '.join(missing)}, not installed here; run: "
            f"{sys.executable} -m pip install -c constraints.txt {' '.join(missing)}"
        )


def _make_importable(checkout: Path) -> None:
    """Put the checkout on the path, and leave no compiled file in it."""
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(checkout.resolve()))


def _stand_in(name: str, **contents: Any) -> None:
    """A module called `name` for the peer's imports, in place of what the benchmark must not use."""
    module = types.ModuleType(name)
    vars(module).update(contents)
    sys.modules[name] = module
