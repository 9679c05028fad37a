"""What the pages say for the closed sets, in Chinese and English."""

from __future__ import annotations

SCOPES = {"area": ("本级政府汇总", "consolidated for the area"), "body": ("本机关", "the body's own")}
PROOFS = {
    "proven": ("勾稽相符", "proven"),
    "unproven": ("未涉及勾稽", "unproven"),
    "contradicted": ("勾稽矛盾", "contradicted"),
}
STATES = {
    "number": ("数字", "number"),
    "blank": ("空白", "blank"),
    "dash": ("横线", "dash"),
    "illegible": ("无法辨认", "illegible"),
    "absent": ("表中无此格", "absent"),
}
COVERAGE = {
    "found": ("已收录", "held"),
    "unreadable": ("无法读取", "unreadable"),
    "blocked": ("被拦截", "blocked"),
    "gone": ("已消失", "gone"),
    "missing": ("未找到", "missing"),
}
KINDS = {
    "identity_fails": ("勾稽关系不成立", "an identity of the form fails in print"),
    "row_not_aligned": ("有行未能对应表样", "a row could not be matched to the form"),
    "unit_differs": ("单位与表样不同", "the printed unit differs from the form's"),
}
IDENTITIES = {
    "T3-I1": (
        "第一项加第二项之和，等于第三项加第四项之和",
        "received + carried in = dealt with + carried out",
    ),
    "T3-I2": ("各项办理结果之和，等于（七）总计", "all results add up to their total"),
    "T3-I3": ("各类申请人之和，等于总计", "all applicants add up to the total"),
    "T4-I1": ("各种结果之和，等于总计", "all outcomes add up to the total"),
}


def identity(name: str) -> tuple[str, str]:
    """What an identity says, by its name (`T3-I1:natural`); its name alone when it has no words here."""
    return IDENTITIES.get(name.partition(":")[0], (name, ""))


def kind(name: str) -> tuple[str, str]:
    """What a kind of finding is called."""
    return KINDS.get(name, (name, ""))
