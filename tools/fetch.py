#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fetch pinned packages from Debian's archive (tools/pins.toml).

usage: fetch.py NAME...         download what the cache does not hold yet
       fetch.py --unpack DIR NAME[:PATH]...
                        fetch, then unpack all into one new folder DIR; with
                        PATH only that part of the package
       fetch.py --pin [NAME...] pin what the archive serves now

Files are kept in $GLENDA_CACHE, else build/downloads. The archive's address
is that of the machine's own apt sources; a private apt configuration under
build/apt asks it for other suites and architectures, so that the machine's
configuration stays as it is. Every file must match both the archive's signed
index and the pin.
"""
import argparse
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PINS = os.path.join(TOP, "tools", "pins.toml")
APT = os.path.join(TOP, "build", "apt")
CACHE = os.path.abspath(
    os.environ.get("GLENDA_CACHE") or os.path.join(TOP, "build", "downloads"))
HELPER = "/usr/lib/apt/apt-helper"


# What of a package nobody reads here.
DOCUMENTS = [f"./usr/share/{name}" for name in ("doc", "info", "lintian", "locale",
                                                "man")]


class FetchError(Exception):
    """Something that the user must hear in one line."""


def say(text):
    print(f"  FETCH   {text}", flush=True)


def host_suite():
    """The code name of this machine's Debian, as its apt sources name it."""
    with open("/etc/os-release", encoding="utf-8") as release:
        for line in release:
            if line.startswith("VERSION_CODENAME="):
                return line.split("=", 1)[1].strip().strip('"')
    raise FetchError("/etc/os-release names no code name")


def stanzas(text):
    """The fields of each paragraph of a deb822 file."""
    for paragraph in re.split(r"\n\s*\n", text):
        fields = {}
        for line in paragraph.splitlines():
            if line.startswith("#") or not line.strip():
                continue
            if line[0] in " \t" and fields:
                fields[list(fields)[-1]] += " " + line.strip()
            elif ":" in line:
                key, value = line.split(":", 1)
                fields[key.strip().lower()] = value.strip()
        yield fields


def deb822_sources(text, suite):
    for fields in stanzas(text):
        if fields.get("enabled", "yes").lower() == "no":
            continue
        if (suite in fields.get("suites", "").split()
                and "main" in fields.get("components", "").split()):
            for uri in fields.get("uris", "").split():
                key = fields.get("signed-by", "")
                yield uri, key if key.startswith("/") else ""


def line_sources(text, suite):
    pattern = re.compile(r"^deb(?:-src)?\s+(?:\[(.*?)\]\s+)?(\S+)\s+(\S+)\s+(.*)$")
    for line in text.splitlines():
        match = pattern.match(line.split("#", 1)[0].strip())
        if not match or match[3] != suite or "main" not in match[4].split():
            continue
        key = re.search(r"signed-by=(/\S+)", match[1] or "")
        yield match[2], key[1] if key else ""


def machine_sources():
    """(URI, keyring) of each source of this machine that serves its suite."""
    suite = host_suite()
    parts = "/etc/apt/sources.list.d"
    paths = ["/etc/apt/sources.list"]
    if os.path.isdir(parts):
        paths += [os.path.join(parts, name) for name in sorted(os.listdir(parts))]
    found = []
    for path in paths:
        if not os.path.isfile(path):
            continue
        with open(path, encoding="utf-8") as source:
            text = source.read()
        parse = deb822_sources if path.endswith(".sources") else line_sources
        if path.endswith((".sources", ".list")):
            found += [s for s in parse(text, suite) if s not in found]
    if not found:
        raise FetchError(f"no apt source of this machine serves {suite} main")
    return found


class Archive:
    """One suite and architecture of the archive, by a private apt."""

    def __init__(self, suite, arch):
        self.suite, self.arch = suite, arch
        self.dir = os.path.join(APT, f"{suite}-{arch}")
        self.updated = False

    def options(self):
        return [f"-o{key}={value}" for key, value in (
            ("Dir::Etc::sourcelist", f"{self.dir}/sources.list"),
            ("Dir::Etc::sourceparts", "/dev/null"),
            ("Dir::State::lists", f"{self.dir}/lists"),
            ("Dir::State::status", f"{self.dir}/status"),
            ("Dir::Cache", f"{self.dir}/cache"),
            ("APT::Architecture", self.arch),
            ("APT::Architectures", self.arch),
            ("APT::Sandbox::User", "root"),
            ("Acquire::Languages", "none"),
            ("Acquire::Retries", "3"))]

    def run(self, tool, *arguments):
        done = subprocess.run([tool, *self.options(), *arguments],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def update(self):
        if self.updated:
            return
        for part in ("lists/partial", "cache/archives/partial"):
            os.makedirs(os.path.join(self.dir, part), exist_ok=True)
        with open(f"{self.dir}/status", "w", encoding="utf-8"):
            pass
        with open(f"{self.dir}/sources.list", "w", encoding="utf-8") as out:
            for uri, key in machine_sources():
                signed = f"signed-by={key}" if key else ""
                if self.arch == "source":
                    option = f"[{signed}] " if signed else ""
                    out.write(f"deb-src {option}{uri} {self.suite} main\n")
                else:
                    out.write(f"deb [arch={self.arch} {signed}] {uri} "
                              f"{self.suite} main\n")
        say(f"index of {self.suite} ({self.arch})")
        status, _, errors = self.run("apt-get", "-qq", "update")
        if status:
            raise FetchError(f"apt cannot read {self.suite}: {errors.strip()}")
        self.updated = True

    def record(self, pin):
        """The index's words on a pinned package: version, file, hash, URI."""
        self.update()
        if pin["kind"] == "source":
            return self.source_record(pin)
        return self.binary_record(pin)

    def source_record(self, pin):
        _, out, _ = self.run("apt-cache", "showsrc", "--only-source",
                             pin["package"])
        records = []
        for paragraph in out.split("\n\n"):
            version = re.search(r"^Version: (\S+)$", paragraph, re.M)
            folder = re.search(r"^Directory: (\S+)$", paragraph, re.M)
            sums = re.search(r"^Checksums-Sha256:\s*\n((?: .*\n?)+)", paragraph,
                             re.M)
            if not (version and folder and sums):
                continue
            for line in sums[1].splitlines():
                digest, _, name = line.split()
                if re.search(r"\.orig\.tar\.\w+$", name):
                    records.append((version[1], name, digest,
                                    f"{folder[1]}/{name}"))
        return records

    def binary_record(self, pin):
        names = [pin["package"]]
        if "meta" in pin:
            names += re.findall(r"^Depends: (\S+)", self.run(
                "apt-cache", "show", pin["meta"])[1], re.M)
        records = []
        for name in names:
            _, out, _ = self.run("apt-cache", "show", name)
            for paragraph in out.split("\n\n"):
                fields = dict(re.findall(r"^(Version|Filename|SHA256): (\S+)$",
                                         paragraph, re.M))
                if len(fields) == 3:
                    file = f"{name}_{fields['Version'].split(':')[-1]}_{self.arch}.deb"
                    records.append((fields["Version"], file, fields["SHA256"],
                                    fields["Filename"]))
        return records

    def download(self, location, digest, target):
        """Get one file of the pool; the helper checks the index's hash."""
        errors = ""
        for uri, _ in machine_sources():
            status, _, errors = self.run(
                HELPER, "download-file", f"{uri.rstrip('/')}/{location}", target,
                f"SHA256:{digest}")
            if status == 0:
                return
        raise FetchError(f"cannot download {location}: {errors.strip()}")


ARCHIVES = {}


def archive(pin):
    key = pin["suite"], pin.get("arch", "source")
    if key not in ARCHIVES:
        ARCHIVES[key] = Archive(*key)
    return ARCHIVES[key]


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def fetch(name, pin):
    """Make sure that the cache holds a pinned file; return its path."""
    target = os.path.join(CACHE, pin["file"])
    if os.path.exists(target) and sha256(target) == pin["sha256"]:
        return target
    source = archive(pin)
    served = source.record(pin)
    match = [r for r in served if r[0] == pin["version"] and r[1] == pin["file"]]
    if not match:
        now = ", ".join(sorted({r[0] for r in served})) or "nothing"
        raise FetchError(
            f"{pin['package']} {pin['version']} has left {pin['suite']} (served "
            f"now: {now}). Run `tools/fetch.py --pin {name}`, test, and commit "
            f"tools/pins.toml; or put {pin['file']} into {CACHE}.")
    _, file, digest, location = match[0]
    if digest != pin["sha256"]:
        raise FetchError(f"{file}: the archive's hash {digest} is not the pinned "
                         f"{pin['sha256']}; refusing it")
    say(file)
    source.download(location, digest, target + ".part")
    if sha256(target + ".part") != pin["sha256"]:
        os.unlink(target + ".part")
        raise FetchError(f"{file}: what came does not match its hash")
    os.rename(target + ".part", target)
    return target


def unpack(path, folder, part):
    """Add a source tarball (without its top folder) or a .deb to a folder."""
    if not path.endswith(".deb"):
        subprocess.run(["tar", "-xf", path, "-C", folder,
                        "--strip-components=1"], check=True)
        return
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", path],
                          stdout=subprocess.PIPE) as archived:
        subprocess.run(["tar", "-xf", "-", "-C", folder,
                        "--keep-directory-symlink",
                        *[f"--exclude={name}" for name in DOCUMENTS],
                        *([part] if part else [])],
                       stdin=archived.stdout, check=True)
        archived.stdout.read()


def merge_usr(folder):
    """An empty tree as Debian 12 lays it out: /bin and its like are links
    into /usr, wherever a package says that its files are."""
    for name in ("bin", "sbin", "lib", "lib64"):
        os.makedirs(os.path.join(folder, "usr", name))
        os.symlink(f"usr/{name}", os.path.join(folder, name))


def repin(names, pins):
    """Rewrite version, file and hash of pins to what is served now."""
    with open(PINS, encoding="utf-8") as file:
        text = file.read()
    for name in names or pins:
        pin = pins[name]
        served = archive(pin).record(pin)
        if not served:
            raise FetchError(f"{pin['package']} is not in {pin['suite']}")
        version, file, digest, _ = served[-1]
        package = file.split("_")[0] if pin["kind"] == "binary" else pin["package"]
        head, body = text.split(f"[{name}]\n", 1)
        for key, value in (("version", version), ("file", file),
                           ("sha256", digest), ("package", package)):
            body = re.sub(rf'^{key} = ".*"$', f'{key} = "{value}"', body,
                          count=1, flags=re.M)
        text = f"{head}[{name}]\n{body}"
        say(f"{name} is now {version}")
    with open(PINS, "w", encoding="utf-8") as out:
        out.write(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pin", action="store_true")
    parser.add_argument("--unpack", metavar="DIR")
    parser.add_argument("--path", action="store_true",
                        help="print the path of each file")
    parser.add_argument("names", nargs="*", metavar="NAME")
    args = parser.parse_args()
    with open(PINS, "rb") as file:
        pins = tomllib.load(file)
    wanted = [name.partition(":")[::2] for name in args.names]
    unknown = [name for name, _ in wanted if name not in pins]
    if unknown:
        raise FetchError(f"no pin named {unknown[0]}; there are {', '.join(pins)}")
    os.makedirs(CACHE, exist_ok=True)
    with open(os.path.join(CACHE, ".lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if args.pin:
            repin(args.names, pins)
            return
        get_all(wanted, pins, args)


def get_all(wanted, pins, args):
    paths = [fetch(name, pins[name]) for name, _ in wanted]
    if args.path:
        print("\n".join(paths))
    if not args.unpack:
        return
    partial = args.unpack.rstrip("/") + ".part"
    shutil.rmtree(partial, ignore_errors=True)
    os.makedirs(partial)
    if any(path.endswith(".deb") for path in paths):
        merge_usr(partial)
    for path, (_, part) in zip(paths, wanted):
        unpack(path, partial, part)
    shutil.rmtree(args.unpack, ignore_errors=True)
    os.rename(partial, args.unpack)


if __name__ == "__main__":
    try:
        main()
    except (FetchError, OSError, subprocess.CalledProcessError) as error:
        print(f"fetch: {error}", file=sys.stderr)
        sys.exit(1)
