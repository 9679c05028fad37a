"""What a night tells: to the archive, to the reports, to whoever should hear of it."""

from __future__ import annotations

from dataclasses import replace

from archive.state.mornings import Rung
from archive.store import Archive
from nianbao.front.exits import Exit
from nianbao.front.terminal import complain
from nianbao.monitors import Alarm
from nianbao.monitors.measures import measures
from nianbao.nightly import delivery, reporting
from nianbao.nightly.morning import Morning
from nianbao.nightly.plan import Plan


def keep(plan: Plan, morning: Morning) -> None:
    """Into the archive: before the publication, so that it is in it, and again at the end."""
    rung = [
        Rung(a.monitor, a.level.value, morning.since[a.monitor], a.what, a.remedy) for a in morning.alarms
    ]
    least = plan.settings.thresholds.whole("rate_versions")
    with Archive.open(plan.db) as archive:
        kept = list(measures(archive.db, morning.began, morning.crawled, least))
        archive.keep_morning(
            morning.run, morning.outcome.value, morning.sentence, morning.as_json(), rung, kept
        )


def tell(plan: Plan, morning: Morning) -> Morning:
    """Writes the report, takes it where it should go, and tells the dead man's switch of a good night."""
    report = morning.as_json()
    folder = plan.reports or plan.db.parent / "nights"
    reporting.write(report, folder, plan.settings.thresholds.whole("reports_kept"))
    failed = delivery.deliver(plan.settings.deliver, report, reporting.page(report))
    if not failed and morning.code is Exit.OK:
        failed = delivery.ping(plan.settings.deliver)
    for said in failed:
        complain(said)
    if not failed:
        return morning
    alarm = Alarm("delivery", "; ".join(failed), "see [deliver] in the settings")
    morning = replace(
        morning, alarms=(*morning.alarms, alarm), since={**morning.since, "delivery": morning.began}
    )
    keep(plan, morning)
    return morning
