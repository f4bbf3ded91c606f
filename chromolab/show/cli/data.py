"""`chromolab data ...`: list public data, fetch and verify them, build a dataset from a my.yaml."""

import argparse
import textwrap
from os import PathLike
from typing import Any

COMMON = ("cell", "mark", "tissue", "kind", "fold")  # placeholders with an option of their own; others go by -p


def add_to(commands: Any) -> None:
    """Add `data` and its commands to the parser's `commands`."""
    text = "List public data, fetch and verify them, build a dataset from a my.yaml."
    data = commands.add_parser("data", help=text, description=text)
    verbs = data.add_subparsers(required=True, metavar="what")

    def add(name: str, command, text: str) -> argparse.ArgumentParser:
        sub = verbs.add_parser(name, help=text, description=text)
        sub.set_defaults(command=command)
        sub.add_argument("--cache", metavar="FOLDER", help="replaces CHROMOLAB_CACHE or the user's cache folder")
        sub.add_argument("--manifest", metavar="FOLDER", help="more sources: a folder of YAML files")
        return sub

    init = verbs.add_parser("init", help="Write an annotated my.yaml to fill in.")
    init.set_defaults(command=_init)
    init.add_argument("path", nargs="?", default="my.yaml")
    build = verbs.add_parser(
        "build", help="Build the dataset that a my.yaml describes, with a report; run again to continue."
    )
    build.set_defaults(command=_build)
    build.add_argument("yaml", metavar="my.yaml")
    build.add_argument("--dry-run", action="store_true", help="only say what would be read, fetched and written")
    build.add_argument("--processes", type=int, metavar="N", help="tracks to read at once (default: one per CPU)")
    build.add_argument("--again", action="store_true", help="build even if nothing has changed since the last build")

    listing = add("list", _list, "List the sources, or describe one of them and the files of it on this machine.")
    listing.add_argument("source", nargs="?", help="a source's name (default: one line for each)")

    fetching = add("fetch", _fetch, "Download the files that are not here yet and check them; continues partial ones.")
    fetching.add_argument("source", help="a source's name: chromolab data list")
    for name in COMMON:
        fetching.add_argument(
            f"--{name}", nargs="+", action="extend", metavar="X", help=f"which {name}s (default: all)"
        )
    text = "any placeholder of the source; repeat the option for several values"
    fetching.add_argument("-p", metavar="NAME=VALUE", type=_pair, action="append", default=[], help=text)
    fetching.add_argument("--dry-run", action="store_true", help="only say what would be fetched; asks no server")

    add(
        "verify", _verify, "Read every downloaded file and compare it with its checksum; exit code 1 unless all are ok."
    )


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f"expected NAME=VALUE, not {text!r}")
    return name, value


def _init(options) -> int:
    from chromolab.data.project.config import write_example

    print(
        f"{write_example(options.path)}: written. Enter the names of your files, then: chromolab doctor {options.path}"
    )
    return 0


def _build(options) -> int:
    from chromolab.data.project.config import read_config
    from chromolab.data.project.outputs import report_of
    from chromolab.show.report.build import build, plan

    if options.dry_run:
        print(plan(options.yaml, options.processes, options.again))
        return 0
    dataset = build(options.yaml, options.processes, again=options.again)
    config = read_config(options.yaml)
    out = config.place(config.out)
    print(f"{dataset}\n{out}\n{report_of(out)}")
    return 0


def check_files(path: str | PathLike[str]) -> int:
    """Print each finding of the doctor on the files of a `my.yaml` when it is made; return 1 where one is broken."""
    from chromolab.data.doctor.doctor import doctor
    from chromolab.data.doctor.findings import lines_of

    findings = doctor(path, look=lambda finding: print("\n".join(lines_of(finding))))
    broken, notes, skipped = len(findings.broken), len(findings.notes), len(findings.skipped)
    fine = len(findings) - broken - notes - skipped
    print(f"\n{broken} broken, {notes} worth knowing, {fine} fine, {skipped} not checked.")
    return int(broken > 0)


def _list(options) -> int:
    from chromolab.data.public.downloads import Downloads
    from chromolab.data.public.manifest import read_manifest

    manifest, downloads = read_manifest(options.manifest), Downloads.below(options.cache)
    if options.source:
        _describe(manifest, manifest[options.source], downloads)
        return 0
    rows = [("source", "assembly", "scale", "placeholders", "here", "what")]
    for name, source in manifest.sources.items():
        here = downloads.files(name)
        files = f"{len(here)}, {in_bytes(sum(here.values()))}" if here else "-"
        rows.append(
            (name, source.assembly or "any", source.scale or "-", " ".join(source.placeholders), files, source.title)
        )
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    for row in rows:
        print("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]).rstrip())
    print(f"\nchromolab data list SOURCE describes one of them; downloads are kept in {downloads.folder}")
    return 0


def _fetch(options) -> int:
    from chromolab.data.public.downloads import Downloads
    from chromolab.data.public.fetch import fetch_files
    from chromolab.data.public.manifest import read_manifest

    given = {name: list(values) for name in COMMON if (values := getattr(options, name))}
    for name, value in options.p:
        given.setdefault(name, []).append(value)
    files = read_manifest(options.manifest)[options.source].files(**given)
    downloads = Downloads.below(options.cache)
    if options.dry_run:
        _plan(files, downloads)
        return 0
    for path in fetch_files(files, downloads):
        print(path)
    return 0


def _plan(files, downloads) -> None:
    """Print what fetching these files would do."""
    here, unfinished = downloads.files(), downloads.unfinished()
    for file in files:
        size = "size not known" if file.size is None else in_bytes(file.size)
        state = f"here, {in_bytes(here[file.place])}" if file.place in here else f"to fetch, {size}"
        if file.place in unfinished:
            state += f", {in_bytes(unfinished[file.place])} of it here"
        print(f"{file.name}  {state}")
        for address in file.addresses or (f"by hand, from {file.source.page}",):
            print(f"    {address}")
    missing = sum(file.place not in here for file in files)
    print(f"{len(files)} file(s), {missing} to fetch, into {downloads.folder}")


def _verify(options) -> int:
    from tqdm.auto import tqdm

    from chromolab.data.public.downloads import Downloads
    from chromolab.data.public.manifest import read_manifest

    downloads, counts = Downloads.below(options.cache), dict.fromkeys(("ok", "changed", "unknown", "missing"), 0)
    with tqdm(total=sum(downloads.files().values()), unit="B", unit_scale=True, desc="reading", delay=2) as bar:
        for verdict in downloads.verify(read_manifest(options.manifest), bar.update):
            counts[verdict.state] += 1
            bar.write(f"{verdict.state:8}{verdict.file}  {verdict.what}")
    for place, size in downloads.unfinished().items():
        print(f"{'part':8}{place}  unfinished, {in_bytes(size)} so far: fetch it again to continue")
    states = ", ".join(f"{count} {state}" for state, count in counts.items())
    print(f"{sum(counts.values())} file(s) in {downloads.folder}: {states}")
    return int(sum(counts.values()) > counts["ok"])


def _describe(manifest, source, downloads) -> None:
    """Print all that is known about one source."""
    print(f"{source.name}: {source.title}")
    for what in ("address", "page", "assembly", "format", "scale", "licence", "citation", "notes"):
        value = getattr(source, what)
        print(f"  {what + ':':10}{'none' if value is None else str(value).strip()}")
    for name, placeholder in source.placeholders.items():
        print(f"  {{{name}}}: {placeholder.meaning}")
        plain = []
        for value in placeholder.values or ():
            cell = manifest.cell_types.get(value) if name == "cell" else None
            remark = f"{f'  {cell.name}' if cell else ''}{_absences(source, name, value)}"
            if remark:
                print(f"    {value}{remark}")
            else:
                plain.append(value)
        if plain:
            print(textwrap.fill(" ".join(plain), 110, initial_indent="    ", subsequent_indent="    "))
    here, unfinished = downloads.files(source.name), downloads.unfinished(source.name)
    print(f"  here: {len(here)} file(s), {in_bytes(sum(here.values()))}")
    for place, size in here.items():
        print(f"    {downloads.path(place)}  {in_bytes(size)}")
    for place, size in unfinished.items():
        print(f"    {downloads.path(place)}  unfinished, {in_bytes(size)} so far: fetch it again to continue")


def _absences(source, name: str, value: str) -> str:
    """The combinations with a value that are known not to exist, in words."""
    others = [{k: v for k, v in rule.items() if k != name} for rule in source.absent if value in rule.get(name, ())]
    words = ["/".join(" ".join(values) for values in other.values()) for other in others if other]
    return f"  (no {', '.join(words)})" if words else ""


def in_bytes(size: int) -> str:
    """1234567 -> 1.2 MB."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return f"{size} bytes" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
