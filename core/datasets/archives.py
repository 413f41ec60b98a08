"""NPZ archives of numpy: looked at member by member before a single array is read, and never unpickled."""

from __future__ import annotations

import math
import tokenize
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from core.datasets.dataset import Arrays, DataFault, DataSet
from core.datasets.files import LARGEST, readable
from core.parameters import parameter

MOST_MEMBERS = 10_000
HIGHEST_RATIO = 200
RATIO_MATTERS = 64_000_000
"""Bytes: below so much even a bomb is harmless, and arrays of zeros rightly shrink far."""
LONGEST_HEADER = 10_000


def read_npz(path: str) -> dict[str, np.ndarray[Any, Any]]:
    """The arrays of an NPZ archive by name."""
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


class Npz(DataSet, title="NPZ archive", family="files", loader=read_npz, needs=()):
    """Arrays of your own, as numpy.savez writes them: rows first, one array the answers."""

    path: str = parameter("", "The file.", kind="path", suffixes=(".npz",))
    target: str = parameter("", "The array with the right answers; empty for y, label, target or the last one.")
    indices: str = parameter(
        "",
        "Arrays of whole numbers that stay so, for an Embedding; their names, with commas between.",
        rare=True,
    )

    @property
    def file(self) -> Path | None:
        """The archive."""
        return Path(self.path).expanduser() if self.path else None

    def arguments(self) -> dict[str, Any]:
        """The path alone."""
        return {"path": str(self.file or "")}

    def arrays(self) -> Arrays:
        """Every array as a field of equally many rows; a fault names the one it is about."""
        found = self.members()
        return _fitting(self.file or Path(), found, self.target_field(found))

    def members(self) -> Arrays:
        """Every array as it stands in the file; raises DataFault."""
        path = readable(self.file, "NPZ archive")
        try:
            _check_members(path)
            return read_npz(str(path))
        except DataFault:
            raise
        except (zipfile.BadZipFile, zlib.error, EOFError):
            raise DataFault(f"{path} is not a whole NPZ archive; write it again with numpy.savez.") from None
        except (ValueError, NotImplementedError, RuntimeError, SyntaxError, TypeError, tokenize.TokenError) as error:
            words = str(error).splitlines()[0][:160] if str(error) else type(error).__name__
            raise DataFault(f"{path} cannot be read: {words}; write it again with numpy.savez.") from None
        except OSError as error:
            raise DataFault(f"{path} cannot be read: {error.strerror or error}.") from None

    def target_field(self, arrays: Arrays) -> str:
        """The array with the answers: the one named, or the first usual name, or the last."""
        if self.target:
            if self.target not in arrays:
                names = ", ".join(list(arrays)[:12])
                raise DataFault(f"{self.file} has no array {self.target!r} for the answers; choose one of {names}.")
            return self.target
        usual = ("y", "label", "labels", "target", "targets", "y_train")
        return next((name for name in usual if name in arrays), list(arrays)[-1])

    def sample_axes(self, field: str) -> tuple[str, ...]:
        """Nothing: an archive does not say what the axes of its arrays are."""
        return ()

    def whole_fields(self) -> tuple[str, ...]:
        """The arrays that are indices."""
        return tuple(name.strip() for name in self.indices.split(",") if name.strip())


def _check_members(path: Path) -> None:
    """Limits and headers, before anything is unpacked (promises.md, section 1, row 7)."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if not members:
            raise DataFault(f"{path} holds no arrays; write it with numpy.savez(path, image=..., label=...).")
        if len(members) > MOST_MEMBERS:
            raise DataFault(f"{path} holds {len(members):,} members, more than {MOST_MEMBERS:,}; it was not opened.")
        names = [member.filename for member in members]
        if len(set(names)) < len(names):
            raise DataFault(f"{path} holds two members of one name; write it again with numpy.savez.")
        total = sum(member.file_size for member in members)
        packed = max(sum(member.compress_size for member in members), 1)
        if total > LARGEST:
            raise DataFault(
                f"{path} would unpack to {total / 1e9:.1f} GB, more than {LARGEST // 10**9} GB; it was not opened."
            )
        if total > RATIO_MATTERS and total > HIGHEST_RATIO * packed:
            raise DataFault(
                f"{path} would unpack to {total // packed} times its size, as only a trap does; it was not opened."
            )
        for member in members:
            _check_member(path, archive, member)


def _check_member(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    name = member.filename.removesuffix(".npy")
    if member.flag_bits & 1:
        raise DataFault(f"{path} is encrypted; write it without a password.")
    if not member.filename.endswith(".npy") or "/" in name or "\\" in name or not name.strip():
        raise DataFault(f"{path} holds {member.filename[:60]!r}, which is no array; write it again with numpy.savez.")
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)
        read: Any = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read(file, max_header_size=LONGEST_HEADER)
        room = member.file_size - file.tell()
    if dtype.hasobject:
        raise DataFault(
            f"{path}: the array {name[:60]!r} holds Python objects, which are never unpickled because they could run "
            "anything; save it as numbers or text."
        )
    if math.prod(shape) * dtype.itemsize != room:
        raise DataFault(f"{path}: the array {name[:60]!r} has not the content for its shape {shape}; write it again.")


def _fitting(path: Path, found: Arrays, target: str) -> Arrays:
    """The arrays as fields: numbers (text for answers alone), rows first and equally many."""
    rows = {name: len(values) if values.ndim else 0 for name, values in found.items()}
    expected = rows[target]
    for name, values in found.items():
        if values.ndim == 0:
            raise DataFault(f"{path}: the array {name!r} is a single value; every array needs one row for each sample.")
        if rows[name] != expected:
            raise DataFault(
                f"{path}: the array {name!r} has {rows[name]:,} rows, but {target!r} has {expected:,}; every array "
                "needs one row for each sample."
            )
        text = values.dtype.kind in "US" and name == target and values.ndim == 1
        if values.dtype.kind not in "biuf" and not text:
            raise DataFault(
                f"{path}: the array {name!r} holds {values.dtype} where numbers are expected; convert or remove it."
            )
    if len(found) < 2:
        raise DataFault(f"{path} holds only the array {target!r}; a data set needs inputs and answers.")
    return {name: _typed(values, name == target) for name, values in found.items()}


def _typed(values: np.ndarray[Any, Any], is_target: bool) -> np.ndarray[Any, Any]:
    """Answers that are fractions as columns of float32; everything else as it is."""
    if is_target and values.dtype.kind == "f":
        return values.astype(np.float32).reshape(len(values), -1) if values.ndim == 1 else values.astype(np.float32)
    return values
