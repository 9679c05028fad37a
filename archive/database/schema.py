"""The tables of the archive, as migrations, and the views that stay stable.

Two halves. What was captured is irreplaceable: run, source, request, fetch, blob, capture, link; and with it what
no capture tells: judgement (a person's on a finding) and parser_change (what a newer parser read differently).
What is derived from it can be rebuilt at any time: reading, record, body, report, version, rendition, figure and
identity (archive/compact.py), finding, statement, section, extra_row, event, likeness. Ids are hashes of content and URL (`ids.py`), never counters,
so that archives merge. Times are UTC, ISO 8601, seconds.
"""

from __future__ import annotations

from archive.database.lean import Database, Migrations

migrations = Migrations("nianbao")

CAPTURED = """
create table run (
    id text primary key, command text not null, vantage text not null default '',
    started_at text not null, ended_at text, outcome text
) strict;
create table source (
    id text primary key, name text not null, division text not null, level text not null, kind text not null,
    entry text not null, url text not null, family text not null, note text not null
) strict;
create table request (
    id text primary key, url text not null, method text not null default 'GET', body text not null default '',
    host text not null, kind text not null, source_id text not null default '', referer text not null default '',
    depth integer not null default 0, priority integer not null default 0, meta text not null default '{}',
    state text not null default 'queued', attempts integer not null default 0,
    queued_at text not null, due_at text not null, done_at text, run_id text not null default ''
) strict;
create index request_queue on request(state, host, priority desc, queued_at, id);
create index request_due on request(kind, state, due_at);
create table blob (
    sha256 text primary key, size integer not null, encoding text not null, data blob not null
) strict;
create table fetch (
    id text primary key, request_id text not null, run_id text not null, url text not null, final_url text not null,
    kind text not null, source_id text not null, at text not null, outcome text not null, status integer,
    reason text not null default '', headers text not null default '{}', size integer not null default 0,
    sha256 text, elapsed_ms integer not null default 0
) strict;
create index fetch_url on fetch(url, at);
create table capture (
    id text primary key, url text not null, sha256 text not null references blob(sha256), kind text not null,
    content_type text not null default '', first_seen text not null, last_seen text not null
) strict;
create index capture_url on capture(url);
create table link (
    id text primary key, from_url text not null, to_url text not null, title text not null,
    date text not null default '', kind text not null, decision text not null, reason text not null,
    source_id text not null, first_seen text not null, last_seen text not null
) strict;
create index link_to on link(to_url);
create index link_from on link(from_url);
"""

DERIVED = """
create table reading (
    capture_id text not null, ordinal integer not null default 0, parser text not null, state text not null,
    message text not null default '', body_id text, year integer, scope text, report_id text,
    fingerprint text not null default '', record blob, primary key (capture_id, ordinal)
) strict, without rowid;
create index reading_report on reading(report_id);
create table body (
    id text primary key, name text not null, division text not null default '', kind text not null default ''
) strict;
create table report (
    id text primary key, body_id text not null references body(id), year integer not null, scope text not null
) strict;
create index report_body on report(body_id, year);
create table version (
    id text primary key, report_id text not null references report(id), number integer not null,
    fingerprint text not null, capture_id text not null, title text not null, issuer text not null, url text not null,
    year_from text not null, generations text not null, warnings text not null,
    first_seen text not null, last_seen text not null, unique (report_id, number)
) strict;
create table rendition (
    version_id text not null references version(id), capture_id text not null, ordinal integer not null,
    url text not null, primary key (version_id, capture_id, ordinal)
) strict, without rowid;
create table figure (
    version_id text not null references version(id), code text not null, value any, state text not null,
    raw text not null, unit text not null, proof text not null, place text not null,
    primary key (version_id, code)
) strict, without rowid;
create table identity (
    version_id text not null references version(id), id text not null, holds integer not null,
    left any, right any, codes text not null, primary key (version_id, id)
) strict, without rowid;
create table finding (
    version_id text not null references version(id), position integer not null, kind text not null,
    message text not null, codes text not null, severity text not null default '',
    message_zh text not null default '', "values" text not null default '{}', primary key (version_id, position)
) strict, without rowid;
create table statement (
    version_id text not null references version(id), position integer not null, code text not null, value any,
    unit text not null, text text not null, start integer not null, "end" integer not null,
    primary key (version_id, position)
) strict, without rowid;
create table section (
    version_id text not null references version(id), position integer not null, number text not null,
    title text not null, text text not null, primary key (version_id, position)
) strict, without rowid;
create table extra_row (
    version_id text not null references version(id), position integer not null, "table" text not null,
    label text not null, cells text not null, place text not null, primary key (version_id, position)
) strict, without rowid;
create table coverage (
    body_id text not null references body(id), year integer not null, state text not null, evidence text not null,
    primary key (body_id, year)
) strict, without rowid;
"""

V_FIGURES = """
create view v_figures as
select b.name as body, r.year, r.scope, v.number as version, f.code, f.value, f.state, f.raw, f.proof,
       r.id as report_id
from figure f join version v on v.id = f.version_id join report r on r.id = v.report_id
join body b on b.id = r.body_id;
"""

VIEWS = f"""
create view v_reports as
select b.name as body, b.division, r.year, r.scope, v.title, v.url, v.number as version,
       v.first_seen, v.last_seen, r.id as report_id
from version v join report r on r.id = v.report_id join body b on b.id = r.body_id;
{V_FIGURES}create view v_findings as
select b.name as body, r.year, r.scope, v.number as version, f.kind, f.message, f.codes
from finding f join version v on v.id = f.version_id join report r on r.id = v.report_id
join body b on b.id = r.body_id;
create view v_fetches as select url, outcome, status, at from fetch;
create view v_coverage as
select b.name as body, b.division, c.year, c.state, c.evidence from coverage c join body b on b.id = c.body_id;
"""


@migrations()
def m001_first(db: Database) -> None:
    """The captured half, the derived half, and the stable views."""
    for statement in (CAPTURED + DERIVED + VIEWS).split(";\n"):
        if statement.strip():
            db.execute(statement)


NIGHTS = """
create table host (
    host text primary key, outcome text not null, nights integer not null, until text not null, at text not null,
    run_id text not null, reason text not null default ''
) strict;
create table host_event (
    id text primary key, host text not null, kind text not null, at text not null, run_id text not null,
    evidence text not null
) strict;
create table listing_page (
    id text primary key, run_id text not null, source_id text not null, column_url text not null,
    url text not null, body text not null default '', number integer not null, announced integer,
    rows text not null, site text not null default '', at text not null
) strict;
create index listing_page_column on listing_page(column_url, at);
create index listing_page_run on listing_page(run_id, source_id);
create table source_night (
    source_id text not null, run_id text not null, at text not null, rows integer not null,
    problem text not null default '', primary key (source_id, run_id)
) strict, without rowid;
create table found_source (
    id text primary key, name text not null, division text not null, level text not null, kind text not null,
    url text not null, family text not null, portal_id text not null, evidence text not null, at text not null
) strict;
create index fetch_run on fetch(run_id, outcome);
"""


@migrations()
def m002_nights(db: Database) -> None:
    """What the crawl remembers from night to night."""
    for statement in NIGHTS.split(";\n"):
        if statement.strip():
            db.execute(statement)


@migrations()
def m003_source_at(db: Database) -> None:
    """When the registry last said what a source is, so that of two archives the later one is believed."""
    db.execute("alter table source add column at text not null default ''")


EVENT = """
create table event (
    report_id text not null references report(id), at text not null, url text not null, class text not null,
    capture_id text not null, ordinal integer not null, before integer, version integer, evidence text not null,
    primary key (report_id, at, url, class, capture_id, ordinal)
) strict, without rowid;
"""

CHANGES_VIEW = """
create view v_changes as
select b.name as body, r.year, r.scope, c.at, c.class, c.url, c.before, c.version, c.evidence, r.id as report_id
from event c join report r on r.id = c.report_id join body b on b.id = r.body_id;
"""

KEEPING = """
alter table reading add column text_hash text not null default '';
alter table reading add column figures_hash text not null default '';
create table likeness (
    report_id text primary key references report(id), version_id text not null, figures text not null,
    weight real not null, sketch blob not null
) strict;
create index likeness_figures on likeness(figures);
create table judgement (
    id text primary key, report_id text not null, kind text not null, codes text not null, message text not null,
    verdict text not null, note text not null, at text not null
) strict;
create table parser_change (
    capture_id text not null, ordinal integer not null, code text not null, old_parser text not null,
    new_parser text not null, old text not null, new text not null, at text not null,
    primary key (capture_id, ordinal, code, old_parser, new_parser, at)
) strict, without rowid;
create index parser_change_at on parser_change(at);
create table due (report_id text primary key) strict, without rowid;
create table reread (capture_id text primary key) strict, without rowid;
create table mark (name text primary key, value integer not null) strict, without rowid;
create table rebuilt (
    capture_id text not null, ordinal integer not null, parser text not null, state text not null,
    message text not null, fingerprint text not null, text_hash text not null, figures_hash text not null,
    record blob, primary key (capture_id, ordinal)
) strict, without rowid;
"""


@migrations()
def m004_keeping(db: Database) -> None:
    """The classes of changes, what is alike, what persons and newer parsers say; and what is still to be derived.

    `due`, `reread`, `rebuilt` and `mark` only tell how far a derivation has come: reports whose findings across
    years and bodies wait, captures that an unfinished re-reading has read, readings that an unfinished rebuild has
    made, and the last fetch that was looked at.
    """
    for statement in (EVENT + KEEPING + CHANGES_VIEW).split(";\n"):
        if statement.strip():
            db.execute(statement)


MORNINGS = """
create table stage (
    run_id text not null, name text not null, at text not null, ended_at text, facts text not null default '',
    primary key (run_id, name)
) strict, without rowid;
create table measure (
    run_id text not null, name text not null, subject text not null, value real not null, at text not null,
    primary key (run_id, name, subject)
) strict, without rowid;
create index measure_history on measure(name, subject, at);
create table morning (
    run_id text primary key, at text not null, outcome text not null, sentence text not null, report text not null
) strict;
create index morning_at on morning(at);
create table alarm (
    run_id text not null, monitor text not null, level text not null, since text not null, what text not null,
    remedy text not null, at text not null, primary key (run_id, monitor)
) strict, without rowid;
"""


@migrations()
def m005_mornings(db: Database) -> None:
    """What the nights did stage by stage, what was measured of them, what rang, and what the morning said."""
    for statement in MORNINGS.split(";\n"):
        if statement.strip():
            db.execute(statement)


BASES = """
create table base (
    host text not null, kind text not null, sha256 text not null, at text not null, primary key (host, kind)
) strict, without rowid
"""


@migrations()
def m006_bases(db: Database) -> None:
    """The page of each host upon which its next ones are packed. Blobs name theirs themselves: this only looks ahead."""
    db.execute(BASES)


_RECORD = """
create table {} (
    capture_id text not null, ordinal integer not null, title text, issuer text, year integer, scope text,
    numbers integer not null, contradictions integer not null, figures text not null, weight real not null,
    called text not null, sketch blob not null, data blob not null, primary key (capture_id, ordinal)
) strict;
"""
COMPACT = f"""
{_RECORD.format("record")}{_RECORD.format("rebuilt_record")}drop view v_figures;
alter table version add column ordinal integer not null default 0;
alter table version add column content text not null default '';
drop table likeness;
create table likeness (
    report_id text primary key, figures text not null, weight real not null
) strict, without rowid;
create index likeness_figures on likeness(figures);
drop table rebuilt;
create table rebuilt (
    capture_id text not null, ordinal integer not null, parser text not null, state text not null,
    message text not null, fingerprint text not null, text_hash text not null, figures_hash text not null,
    primary key (capture_id, ordinal)
) strict, without rowid;
"""
AFTER_COMPACT = """
alter table reading drop column record;
update version set ordinal = coalesce((select min(r.ordinal) from reading r
    where r.capture_id = version.capture_id and r.report_id = version.report_id), 0);
insert into likeness
select v.report_id, d.figures, d.weight from version v
join record d on (d.capture_id, d.ordinal) = (v.capture_id, v.ordinal)
where v.number = (select max(w.number) from version w where w.report_id = v.report_id);
"""


@migrations()
def m007_compact(db: Database) -> None:
    """Numbers for the words of figures and identities; records apart from where they belong, with their heads.

    `content` of a version is a hash of all that it says, empty where none was made: then it is written anew when its
    report is met again.
    """
    from archive.rows import compact, heads

    compact.run(db.conn, COMPACT)
    compact.convert(db.conn)
    db.execute(V_FIGURES.strip().rstrip(";"))
    heads.convert(db.conn)
    compact.run(db.conn, AFTER_COMPACT)


@migrations()
def m008_request_url(db: Database) -> None:
    """Who led to an address is asked for each reading that is placed."""
    db.execute("create index request_url on request(url)")


@migrations()
def m009_finding_values(db: Database) -> None:
    """What a finding says as data, how grave it is, and its words in Chinese: where the first step did not make them."""
    if "severity" in {column.name for column in db["finding"].columns}:
        return
    for column, default in (("severity", ""), ("message_zh", ""), ('"values"', "{}")):
        db.execute(f"alter table finding add column {column} text not null default '{default}'")


@migrations()
def m010_seals(db: Database) -> None:
    """Digests of versions, reports and fetches, so that a byte that changes is seen (archive.database.seals).

    A later migration that changes one of their tables ends with `seals.keep_all`.
    """
    from archive.database import seals
    from archive.rows import compact

    compact.run(db.conn, seals.TABLES)
    seals.keep_all(db.conn)


LIVES = """
create table source_life (
    source_id text not null, vantage text not null, at text not null, state text not null, outcome text not null,
    family text not null, evidence text not null, run_id text not null, primary key (source_id, vantage, at)
) strict, without rowid;
create table candidate (
    id text primary key, name text not null, division text not null, level text not null, kind text not null,
    entry text not null, url text not null, family text not null, note text not null, from_url text not null,
    evidence text not null, at text not null
) strict;
create index link_source on link(source_id);
"""


@migrations()
def m011_lives(db: Database) -> None:
    """What sources turned out to be, and what may be one: hosts that pages name, which nobody has asked yet."""
    from archive.rows import compact

    compact.run(db.conn, LIVES)


ABSENCE = """
create table absence (
    id text primary key, body_id text not null, body text not null, year integer not null, note text not null,
    withdrawn integer not null, at text not null
) strict
"""


@migrations()
def m012_absences(db: Database) -> None:
    """What a person knows of a report that nobody published; captured, as judgements are."""
    db.execute(ABSENCE)


BODY_JOIN = """
create table body_join (
    id text primary key, one text not null, other text not null, verdict text not null, note text not null,
    at text not null
) strict
"""


@migrations()
def m013_body_joins(db: Database) -> None:
    """What persons say of two bodies, that they are one authority or that they are not; captured, as judgements are."""
    db.execute(BODY_JOIN)


WITNESS = """
create table witness (
    fetch_id text primary key, via text not null, digest text not null, at text not null
) strict, without rowid;
create table past (
    via text not null, scope text not null, match text not null, url text not null, priority integer not null,
    asked text not null, state text not null, at text not null, primary key (via, scope, match, url)
) strict, without rowid;
create index past_next on past(via, scope, state, priority desc, url);
"""


@migrations()
def m014_witness(db: Database) -> None:
    """By what way answers came that others got: a file or a web archive with its digest, and since when we know of them.

    `past` are the questions to web archives, answered and left: where a backfill goes on.
    """
    from archive.rows import compact

    compact.run(db.conn, WITNESS)
