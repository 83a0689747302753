"""Which third-party files does the site serve, and are they still the bytes we chose?

`vendor.toml` names each package, version, file and SHA-384. With no argument this script fetches what is
missing from npm (`npm pack`), checks every byte and writes the files; `--check` only compares what is in the
repository. Nobody who runs the site needs npm: the files are committed.
"""

import argparse
import hashlib
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class VendorError(Exception):
    """A file is missing or is not what `vendor.toml` says; the message names it."""


@dataclass(frozen=True)
class VendoredFile:
    """One file of a package: its name inside the package, its place here, and its SHA-384 in hex."""

    package: str
    version: str
    source: str
    target: Path
    sha384: str

    def check(self) -> None:
        """Raise VendorError unless the file is here with the expected bytes."""
        if not self.target.is_file():
            raise VendorError(f"{self.target.relative_to(ROOT)} is missing")
        self.check_bytes(self.target.read_bytes())

    def check_bytes(self, content: bytes) -> None:
        """Raise VendorError unless `content` has the expected hash; the message gives the one found."""
        found = hashlib.sha384(content).hexdigest()
        if found != self.sha384:
            raise VendorError(f"{self.package}@{self.version} {self.source}: sha384 is {found}")


def vendored_files(manifest: Path = ROOT / "vendor.toml") -> Iterator[VendoredFile]:
    """Yield every file that `manifest` names, in its order."""
    for package in tomllib.loads(manifest.read_text())["package"]:
        for entry in package["files"]:
            yield VendoredFile(package["name"], package["version"], entry["from"], ROOT / entry["to"], entry["sha384"])


def fetch(files: list[VendoredFile]) -> None:
    """Write the files of one package from its npm tarball. Raises VendorError if a hash differs."""
    name = f"{files[0].package}@{files[0].version}"
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(["npm", "pack", "--silent", name], cwd=directory, check=True, stdout=subprocess.DEVNULL)
        [tarball] = Path(directory).glob("*.tgz")
        with tarfile.open(tarball) as archive:
            for file in files:
                member = archive.extractfile(f"package/{file.source}")
                content = member.read() if member else b""
                file.check_bytes(content)
                file.target.parent.mkdir(parents=True, exist_ok=True)
                file.target.write_bytes(content)


def missing(file: VendoredFile) -> bool:
    """Return whether `file` has to be fetched: absent, or not the expected bytes."""
    try:
        file.check()
    except VendorError:
        return True
    return False


def main() -> int:
    """Fetch or check; return the exit status (1 when a file is not what it should be)."""
    parser = argparse.ArgumentParser(description="Fetch or check the third-party files of the site.")
    parser.add_argument("--check", action="store_true", help="compare only, fetch nothing")
    only_check = parser.parse_args().check
    by_package: dict[str, list[VendoredFile]] = {}
    for file in vendored_files():
        by_package.setdefault(f"{file.package}@{file.version}", []).append(file)
    try:
        for name, files in by_package.items():
            if not only_check and any(missing(file) for file in files):
                sys.stdout.write(f"fetching {name}\n")
                fetch(files)
            for file in files:
                file.check()
    except VendorError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{len(by_package)} packages are as listed in vendor.toml\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
